using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Pebble.Tests.Checks;

public sealed class ChecksTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    async Task<JsonElement> CheckAsync(string name) => (await daemon.GetAsync($"/v1/checks?names={name}")).Result[0];

    Task Until(string name, Func<JsonElement, bool> condition) => TestDaemon.UntilAsync(async () => condition(await CheckAsync(name)));

    [Fact]
    public async Task A_check_is_up_before_it_first_ran()
    {
        await daemon.AddLayerAsync("checks: {new1: {override: replace, exec: {command: \"false\"}, period: 1h}}");

        var check = await CheckAsync("new1");

        Assert.Matches("""^\{"name":"new1","startup":"enabled","status":"up","successes":0,"threshold":3,"change-id":"\d+"\}$""", check.GetRawText());
    }

    [Fact]
    public async Task A_check_fails_recovers_and_is_performed_again()
    {
        var flag = daemon.PathOf("flag1");
        await daemon.AddLayerAsync($"checks: {{cycle: {{override: replace, exec: {{command: \"sh -c 'echo no {{}} >&2; test -e {flag}'\"}}, period: 30ms, threshold: 2}}}}");

        await Until("cycle", check => check.GetProperty("status").GetString() == "down" && check.GetProperty("failures").GetInt32() > 2);
        var down = await CheckAsync("cycle");
        var failed = (await daemon.GetAsync("/v1/changes/" + down.GetProperty("prev-change-id").GetString())).Result;
        Assert.Equal(("perform-check", "Error", "Perform exec check \"cycle\""), (failed.GetProperty("kind").GetString(), failed.GetProperty("status").GetString(), failed.GetProperty("summary").GetString()));
        Assert.EndsWith("(exit status 1; no {})", failed.GetProperty("err").GetString(), StringComparison.Ordinal);
        var recovering = (await daemon.GetAsync("/v1/changes/" + down.GetProperty("change-id").GetString())).Result;
        Assert.Equal("Recover exec check \"cycle\"", recovering.GetProperty("summary").GetString());

        await File.WriteAllTextAsync(flag, "");
        await Until("cycle", check => check.GetProperty("status").GetString() == "up" && check.GetProperty("successes").GetInt32() >= 1);

        Assert.Equal("Done", (await daemon.GetAsync("/v1/changes/" + recovering.GetProperty("id").GetString())).Result.GetProperty("status").GetString());
        Assert.False((await CheckAsync("cycle")).TryGetProperty("failures", out _));
    }

    [Fact]
    public async Task Checks_start_stop_and_refresh()
    {
        await daemon.AddLayerAsync("checks: {man1: {override: replace, startup: disabled, exec: {command: \"sh -c 'echo bad; exit 3'\"}, period: 1h}}");
        Assert.Equal("inactive", (await CheckAsync("man1")).GetProperty("status").GetString());

        var idle = await daemon.PostAsync("/v1/checks/refresh", """{"name":"man1"}""");
        Assert.Equal("exit status 3; bad", idle.Result.GetProperty("error").GetString());
        Assert.False(idle.Result.GetProperty("info").TryGetProperty("failures", out _));

        Assert.Equal("""{"changed":["man1"]}""", (await daemon.PostAsync("/v1/checks", """{"action":"start","checks":["man1"]}""")).Result.GetRawText());
        Assert.Equal("""{"changed":[]}""", (await daemon.PostAsync("/v1/checks", """{"action":"start","checks":["man1"]}""")).Result.GetRawText());
        var running = await daemon.PostAsync("/v1/checks/refresh", """{"name":"man1"}""");
        Assert.Equal(1, running.Result.GetProperty("info").GetProperty("failures").GetInt32());

        Assert.Equal("""{"changed":["man1"]}""", (await daemon.PostAsync("/v1/checks", """{"action":"stop","checks":["man1"]}""")).Result.GetRawText());
        var stopped = await CheckAsync("man1");
        Assert.Equal(("inactive", 1), (stopped.GetProperty("status").GetString(), stopped.GetProperty("failures").GetInt32()));
    }

    [Theory]
    [InlineData("/v1/checks", """{"action":"start","checks":["no1","no0"]}""", 400, "cannot start checks: cannot find checks in plan: no0, no1")]
    [InlineData("/v1/checks", """{"action":"start","checks":[]}""", 400, "must specify checks for start action")]
    [InlineData("/v1/checks", """{"action":"x","checks":["a"]}""", 400, "invalid action \"x\"")]
    [InlineData("/v1/checks/refresh", "{}", 400, "must specify check name")]
    [InlineData("/v1/checks/refresh", """{"name":"no"}""", 404, "cannot find check with name \"no\"")]
    public async Task A_wrong_request_is_refused(string path, string body, int status, string message)
    {
        var answer = await daemon.PostAsync(path, body);

        Assert.Equal((status, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_slow_check_times_out()
    {
        await daemon.AddLayerAsync("checks: {slow1: {override: replace, startup: disabled, exec: {command: sleep 1000}, timeout: 100ms}}");

        Assert.Equal("check timed out after 100ms", (await daemon.PostAsync("/v1/checks/refresh", """{"name":"slow1"}""")).Result.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Ports_are_checked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await daemon.AddLayerAsync($"checks: {{tcp1: {{override: replace, startup: disabled, tcp: {{port: {port}, host: 127.0.0.1}}}}}}");
        Assert.False((await daemon.PostAsync("/v1/checks/refresh", """{"name":"tcp1"}""")).Result.TryGetProperty("error", out _));

        listener.Stop();

        Assert.Equal($"dial tcp 127.0.0.1:{port}: connect: connection refused", (await daemon.PostAsync("/v1/checks/refresh", """{"name":"tcp1"}""")).Result.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Pages_are_checked_and_their_start_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await daemon.AddLayerAsync($"checks: {{http1: {{override: replace, startup: disabled, http: {{url: \"http://127.0.0.1:{port}/x\", headers: {{X-Test: yes1}}}}}}}}");

        var refreshing = daemon.PostAsync("/v1/checks/refresh", """{"name":"http1"}""");
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        var request = Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken));
        await client.GetStream().WriteAsync("HTTP/1.1 500 Oops\r\nContent-Length: 18\r\n\r\none\ntwo\n3\n4\n5\n6\n7\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Contains("X-Test: yes1", request, StringComparison.Ordinal);
        Assert.Equal("non-2xx status code 500; one\ntwo\n3\n4\n5\n(...)", (await refreshing).Result.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_exec_check_runs_in_the_context_of_a_service()
    {
        await daemon.AddLayerAsync("""
            services: {ctx: {override: replace, command: x, environment: {A: "from service"}, user: nobody, working-dir: /usr}}
            checks: {ctx1: {override: replace, startup: disabled, exec: {command: "sh -c 'echo $A $(id -un) $(pwd); exit 1'", service-context: ctx}}}
            """);

        Assert.Equal("exit status 1; from service nobody /usr", (await daemon.PostAsync("/v1/checks/refresh", """{"name":"ctx1"}""")).Result.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Health_counts_by_level()
    {
        await using var own = await TestDaemon.StartNewAsync("""
            checks:
              alive: {override: replace, level: alive, exec: {command: "false"}, period: 20ms, threshold: 1}
              ready: {override: replace, level: ready, exec: {command: "true"}, period: 20ms}
              plain: {override: replace, exec: {command: "true"}, period: 20ms}
            """);
        Assert.Contains((await own.GetAsync("/v1/health")).Status, (int[])[200, 502]);
        await TestDaemon.UntilAsync(async () => (await own.GetAsync("/v1/health")).Status == 502);

        Assert.Equal("""{"type":"sync","status-code":502,"status":"Bad Gateway","result":{"healthy":false}}""", (await own.GetAsync("/v1/health?level=ready")).Text);
        Assert.Equal(502, (await own.GetAsync("/v1/health?level=alive")).Status);
        Assert.Equal(200, (await own.GetAsync("/v1/health?names=ready,plain")).Status);
        Assert.Equal((400, "level must be \"alive\" or \"ready\""), ((await own.GetAsync("/v1/health?level=x")).Status, (await own.GetAsync("/v1/health?level=x")).Message));
        Assert.Equal(["ready"], (await own.GetAsync("/v1/checks?level=ready")).Result.EnumerateArray().Select(each => each.GetProperty("name").GetString()));

        var metrics = await own.Client.GetStringAsync("/v1/metrics");
        Assert.Contains("# HELP pebble_check_up Whether the health check is up (1) or not (0)\n# TYPE pebble_check_up gauge\npebble_check_up{check=\"alive\"} 0\n\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused")]
    [InlineData("http://nosuch.invalid/", "Get \"http://nosuch.invalid/\": dial tcp: lookup nosuch.invalid: no such host")]
    [InlineData("foo://x", "Get \"foo://x\": unsupported protocol scheme \"foo\"")]
    [InlineData("foo", "Get \"foo\": unsupported protocol scheme \"\"")]
    [InlineData("http://[::1", "cannot build request: parse \"http://[::1\": invalid URL")]
    public async Task Why_a_url_cannot_be_got_is_said_in_words(string url, string error)
    {
        await using var daemon = await TestDaemon.StartNewAsync($$$"""checks: {c: {override: replace, startup: disabled, http: {url: "{{{url}}}"} } }""");

        var answer = await daemon.PostAsync("/v1/checks/refresh", """{"name":"c"}""");

        Assert.Equal(error, answer.Result.GetProperty("error").GetString());
    }
}
