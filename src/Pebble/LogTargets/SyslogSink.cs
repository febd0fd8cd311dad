using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Pebble.Formats;
using Pebble.Logs;
using Pebble.Processes;

namespace Pebble.LogTargets;

/// <summary>A syslog server: RFC 5424 messages, over TCP with octet counting (RFC 6587), over UDP one in a datagram.</summary>
sealed class SyslogSink(Uri location) : LogSink
{
    /// <summary>Facility user, severity notice; version 1.</summary>
    const string Head = "<13>1 ";

    /// <summary>Canonical's private enterprise number.</summary>
    const string StructureName = "pebble@28978";

    const int MostDatagramText = 4000;
    const string Shortened = "...";

    readonly string hostname = Environment.MachineName is { Length: > 0 } name ? name : "-";
    Socket? socket;

    public override void Dispose() => socket?.Dispose();

    protected override async Task SendAsync(CancellationToken cancellation)
    {
        var isDatagram = location.Scheme == "udp";
        try
        {
            socket ??= await ConnectAsync(isDatagram, cancellation);
            if (isDatagram)
            {
                while (Entries.Count > 0)
                {
                    await socket.SendAsync(Message(Entries[0], shorten: true), cancellation);
                    Drop(1);
                }

                return;
            }

            using var batch = new MemoryStream();
            foreach (var entry in Entries)
            {
                var message = Message(entry, shorten: false);
                batch.Write(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "));
                batch.Write(message);
            }

            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), cancellation);
            Drop(Entries.Count);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It may work again with a new connection.
            socket?.Dispose();
            socket = null;
            var cause = (e as SocketException ?? e.InnerException as SocketException) is { } failed ? Libc.ErrorText(failed.NativeErrorCode) : "connection lost";
            throw new LogSinkException($"cannot send syslogs: {cause}");
        }
    }

    async Task<Socket> ConnectAsync(bool isDatagram, CancellationToken cancellation)
    {
        var made = isDatagram ? new Socket(SocketType.Dgram, ProtocolType.Udp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await made.ConnectAsync(location.Host, location.Port, cancellation);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    byte[] Message(LogEntry entry, bool shorten)
    {
        var time = GoTime.Utc(DateTimeOffset.FromUnixTimeMilliseconds(entry.TimeMs));
        var text = LineText.Of(entry);
        if (shorten && text.Length > MostDatagramText)
        {
            text = text[..(MostDatagramText - Shortened.Length)] + Shortened;
        }

        return Encoding.UTF8.GetBytes($"{Head}{time} {hostname} {entry.Service} - - {Structure(entry.Service)} {text}");
    }

    /// <summary>The labels as structured data, escaped as RFC 5424, section 6.3.3, asks.</summary>
    string Structure(string service)
    {
        var text = new StringBuilder("[").Append(StructureName);
        foreach (var (name, value) in LabelsOf(service))
        {
            text.Append(' ').Append(name).Append("=\"");
            foreach (var character in value)
            {
                text.Append(character is '"' or '\\' or ']' ? "\\" : "").Append(character);
            }

            text.Append('"');
        }

        return text.Append(']').ToString();
    }
}
