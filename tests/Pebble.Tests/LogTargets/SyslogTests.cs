using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Pebble.Tests.LogTargets;

/// <summary>Messages as RFC 5424 has them; over TCP each after its length, as RFC 6587 has it.</summary>
public sealed partial class SyslogTests
{
    [Fact]
    public async Task Over_TCP_each_message_follows_its_length()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var daemon = await StartAsync("tcp", ((IPEndPoint)listener.LocalEndpoint).Port);

        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith(" two", StringComparison.Ordinal))
        {
            var count = await client.GetStream().ReadAsync(buffer, Limit());
            Assert.True(count > 0, text.ToString());
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        var first = text.ToString();
        var space = first.IndexOf(' ', StringComparison.Ordinal);
        var length = int.Parse(first[..space], null);
        Check(first.Substring(space + 1, length), "one");
        Check(first[(space + 1 + length)..].Split(' ', 2)[1], "two");
    }

    [Fact]
    public async Task Over_UDP_each_message_is_a_datagram()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var daemon = await StartAsync("udp", ((IPEndPoint)socket.LocalEndPoint!).Port);

        var buffer = new byte[4096];
        Check(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Limit())), "one");
        Check(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Limit())), "two");
    }

    static async Task<TestDaemon> StartAsync(string scheme, int port)
    {
        var daemon = await TestDaemon.StartNewAsync($$$"""
            services: {talk: {override: replace, command: "sh -c 'echo one; echo two; sleep 100'", environment: {REGION: 'a"b]'} } }
            log-targets: {t: {override: replace, type: syslog, location: "{{{scheme}}}://127.0.0.1:{{{port}}}", services: [all], labels: {region: "$REGION"} } }
            """);
        await daemon.ServicesAsync("start", "talk");
        return daemon;
    }

    static void Check(string message, string text)
    {
        var match = Form().Match(message);
        Assert.True(match.Success, message);
        Assert.Equal(("talk", text), (match.Groups["service"].Value, match.Groups["text"].Value));
        Assert.Contains(" region=\"a\\\"b\\]\"", match.Groups["labels"].Value, StringComparison.Ordinal);
    }

    static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [GeneratedRegex(@"^<13>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z \S+ (?<service>\S+) - - \[pebble@28978(?<labels>( \w+=""(\\.|[^""\\\]])*"")*)\] (?<text>.*)$")]
    private static partial Regex Form();
}
