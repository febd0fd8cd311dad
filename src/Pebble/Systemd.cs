using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Pebble.Processes;

namespace Pebble;

/// <summary>Tells systemd how the daemon is doing, where systemd started it and asked to be told.</summary>
/// <remarks>Source: sd_notify(3) and sd_watchdog_enabled(3).</remarks>
sealed class Systemd(DaemonEnvironment environment)
{
    public void Ready() => Notify("READY=1");

    public void Stopping() => Notify("STOPPING=1");

    /// <summary>Signs of life, twice as often as they are waited for; null where nobody waits.</summary>
    public ITimer? StartWatchdog(TimeProvider clock)
    {
        if (!long.TryParse(environment.WatchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var longest) || longest <= 0)
        {
            return null;
        }

        var interval = TimeSpan.FromMicroseconds(longest / 2.0);
        return clock.CreateTimer(_ => Notify("WATCHDOG=1"), null, interval, interval);
    }

    void Notify(string state)
    {
        if (environment.NotifySocket is not { } path)
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // A leading @ stands for the abstract namespace.
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
        }
        catch (SocketException e)
        {
            Logger.Notice($"Cannot tell systemd {state}: {Libc.ErrorText(e.NativeErrorCode)}");
        }
    }
}
