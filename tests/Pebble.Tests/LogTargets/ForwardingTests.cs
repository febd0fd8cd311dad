using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Pebble.Tests.LogTargets;

public sealed class ForwardingTests
{
    [Fact]
    public async Task Loki_gets_lines_with_labels_from_the_services_environment()
    {
        await using var loki = new HttpTarget();
        await using var daemon = await TestDaemon.StartNewAsync($$$"""
            services:
                talk: {override: replace, command: "sh -c 'echo one; echo two; sleep 100'", environment: {REGION: north}}
                quiet: {override: replace, command: "sh -c 'echo hidden; sleep 100'"}
            log-targets:
                t: {override: replace, type: loki, location: "{{{loki.Location}}}", services: [all, -quiet], labels: {region: "$REGION", none: "x${NOPE}"}}
            """);

        await daemon.ServicesAsync("start", "talk", "quiet");
        await TestDaemon.UntilAsync(() => loki.Lines().Count >= 2);

        var stream = loki.Bodies.First().GetProperty("streams")[0];
        Assert.Equal("""{"none":"x","pebble_service":"talk","region":"north"}""", stream.GetProperty("stream").GetRawText());
        Assert.Equal(["one", "two"], loki.Lines());
    }

    [Fact]
    public async Task A_servers_trouble_keeps_lines_for_later_ones()
    {
        await using var loki = new HttpTarget { Statuses = new([500]) };
        await using var daemon = await TestDaemon.StartNewAsync($$$"""
            services: {talk: {override: replace, command: "sh -c 'echo one; sleep 2.5; echo two; sleep 100'"}}
            log-targets: {t: {override: replace, type: loki, location: "{{{loki.Location}}}", services: [all]}}
            """);

        await daemon.ServicesAsync("start", "talk");
        await TestDaemon.UntilAsync(() => loki.Bodies.Count >= 2);

        Assert.Equal(["one"], HttpTarget.LinesOf(loki.Bodies.First()));
        Assert.Equal(["one", "two"], HttpTarget.LinesOf(loki.Bodies.Last()));
    }

    [Fact]
    public async Task The_rest_is_sent_at_shutdown()
    {
        await using var loki = new HttpTarget();
        await using var daemon = await TestDaemon.StartNewAsync($$$"""
            services: {talk: {override: replace, command: "sh -c 'trap \"echo bye; exit 0\" TERM; echo one; while :; do sleep 0.1; done'"}}
            log-targets: {t: {override: replace, type: loki, location: "{{{loki.Location}}}", services: [talk]}}
            """);
        await daemon.ServicesAsync("start", "talk");

        await daemon.TerminateAsync();

        Assert.Equal("one", loki.Lines()[0]);
        Assert.Equal("bye", loki.Lines()[^1]);
    }

    [Fact]
    public async Task OpenTelemetry_gets_records_of_a_resource()
    {
        await using var collector = new HttpTarget();
        await using var daemon = await TestDaemon.StartNewAsync($$$"""
            services: {talk: {override: replace, command: "sh -c 'echo one; sleep 100'"}}
            log-targets: {t: {override: replace, type: opentelemetry, location: "{{{collector.Location}}}", services: [all], labels: {team: a} } }
            """);

        await daemon.ServicesAsync("start", "talk");
        await TestDaemon.UntilAsync(() => !collector.Bodies.IsEmpty);

        var logs = collector.Bodies.First().GetProperty("resourceLogs")[0];
        Assert.EndsWith("/v1/logs", collector.Paths.First(), StringComparison.Ordinal);
        Assert.Equal(
            """[{"key":"service.name","value":{"stringValue":"talk"}},{"key":"team","value":{"stringValue":"a"}}]""",
            logs.GetProperty("resource").GetProperty("attributes").GetRawText());
        var scope = logs.GetProperty("scopeLogs")[0];
        Assert.Equal("one", scope.GetProperty("logRecords")[0].GetProperty("body").GetProperty("stringValue").GetString());
    }

    [Fact]
    public async Task Syslog_gets_counted_messages()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var daemon = await TestDaemon.StartNewAsync($$$"""
            services: {talk: {override: replace, command: "sh -c 'echo one; sleep 100'"}}
            log-targets: {t: {override: replace, type: syslog, location: "tcp://127.0.0.1:{{{((IPEndPoint)listener.LocalEndpoint).Port}}}", services: [all], labels: {a: 'x"]y'} } }
            """);

        await daemon.ServicesAsync("start", "talk");
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        var text = Encoding.UTF8.GetString(buffer, 0, await connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken));

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        Assert.Equal(text.Length - space - 1, int.Parse(text[..space]));
        Assert.Matches("""^<13>1 \d{4}-\d\d-\d\dT\S+Z \S+ talk - - \[pebble@28978 a="x\\"\\\]y"\] one$""", text[(space + 1)..]);
    }

    /// <summary>An HTTP server that keeps what it is sent.</summary>
    sealed class HttpTarget : IAsyncDisposable
    {
        readonly HttpListener listener = new();
        readonly Task serving;

        public HttpTarget()
        {
            // A port that was free a moment ago: HttpListener has no way to ask for any.
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Location = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            listener.Prefixes.Add(Location);
            listener.Start();
            serving = ServeAsync();
        }

        public string Location { get; }

        public ConcurrentQueue<int> Statuses { get; init; } = [];

        public ConcurrentQueue<JsonElement> Bodies { get; } = [];

        public ConcurrentQueue<string> Paths { get; } = [];

        public IReadOnlyList<string> Lines() => [.. Bodies.SelectMany(LinesOf)];

        public static IEnumerable<string> LinesOf(JsonElement body) =>
            body.GetProperty("streams").EnumerateArray().SelectMany(stream => stream.GetProperty("values").EnumerateArray()).Select(value => value[1].GetString()!);

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving;
            listener.Close();
        }

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    using var document = await JsonDocument.ParseAsync(context.Request.InputStream);
                    context.Response.StatusCode = Statuses.TryDequeue(out var status) ? status : 204;
                    context.Response.Close();
                    Paths.Enqueue(context.Request.Url!.AbsolutePath);
                    Bodies.Enqueue(document.RootElement.Clone());
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
