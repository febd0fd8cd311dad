using System.Net.Sockets;
using System.Text;

namespace Pebble.Tests;

public sealed class SystemdTests
{
    [Fact]
    public async Task Systemd_hears_that_the_daemon_is_ready_alive_and_stopping()
    {
        await using var daemon = new TestDaemon();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(daemon.PathOf("notify")));
        daemon.Environment["NOTIFY_SOCKET"] = daemon.PathOf("notify");
        daemon.Environment["WATCHDOG_USEC"] = "100000";

        await daemon.StartAsync("--hold");
        Assert.Equal("READY=1", await ReceiveAsync());
        Assert.Equal("WATCHDOG=1", await ReceiveAsync());
        await daemon.TerminateAsync();
        string last;
        do
        {
            last = await ReceiveAsync();
        }
        while (last == "WATCHDOG=1");

        Assert.Equal("STOPPING=1", last);

        async Task<string> ReceiveAsync()
        {
            var buffer = new byte[100];
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
        }
    }

    [Fact]
    public async Task A_signal_that_comes_while_it_starts_ends_it_in_order()
    {
        for (var delay = 0; delay < 5; delay++)
        {
            await using var daemon = new TestDaemon();
            daemon.Launch("--hold");
            await TestDaemon.UntilAsync(() => File.Exists(daemon.SocketPath));

            Assert.Equal(0, await daemon.TerminateAsync());
        }
    }
}
