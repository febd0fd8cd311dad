using System.Text.Json;

namespace Pebble.Tests.Logs;

public sealed class LogsApiTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    async Task StartAsync(string name, string script)
    {
        await daemon.AddLayerAsync($"services: {{{name}: {{override: replace, command: \"sh -c '{script}; exec sleep 1000'\"}}}}");
        await daemon.ServicesAsync("start", name);
    }

    [Fact]
    public async Task Lines_are_json_with_time_and_service()
    {
        await StartAsync("fmt", "echo \\\"a <b> & ü\\\" >&2");

        var text = await daemon.Client.GetStringAsync("/v1/logs?services=fmt");

        Assert.Matches("""^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z","service":"fmt","message":"a <b> & ü"\}\n$""", text);
    }

    [Fact]
    public async Task The_last_thirty_lines_come_unless_asked_otherwise()
    {
        await StartAsync("many", "seq 50");

        Assert.Equal(30, (await daemon.Client.GetStringAsync("/v1/logs?services=many")).Count(each => each == '\n'));
        Assert.Equal(2, (await daemon.Client.GetStringAsync("/v1/logs?services=many&n=2")).Count(each => each == '\n'));
        Assert.Equal("", await daemon.Client.GetStringAsync("/v1/logs?services=many&n=0"));
        Assert.Equal(Enumerable.Range(1, 50).Select(each => $"{each}"), await daemon.LogsAsync("many"));
    }

    [Fact]
    public async Task Lines_of_several_services_are_merged_and_counted_together()
    {
        await StartAsync("one", "echo first");
        await StartAsync("two", "echo second");

        var lines = (await daemon.Client.GetStringAsync("/v1/logs?services=one,two,unknown&n=2")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["first", "second"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Following_shows_new_lines_as_they_come()
    {
        await StartAsync("follow", "echo before; trap \\\"echo again\\\" USR1; while :; do sleep 0.01; done");

        using var response = await daemon.Client.GetAsync("/v1/logs?services=follow&follow=true&n=1", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("before", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await daemon.PostAsync("/v1/signals", """{"signal":"SIGUSR1","services":["follow"]}""");

        Assert.Contains("again", await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Logs_go_on_over_restarts_of_the_service()
    {
        await StartAsync("again", "printf part");

        await daemon.ServicesAsync("restart", "again");

        Assert.Equal(["part", "part"], await daemon.LogsAsync("again"));
    }

    [Theory]
    [InlineData("n=-2", "n must be -1, 0, or a positive integer")]
    [InlineData("n=x", "n must be -1, 0, or a positive integer")]
    [InlineData("follow=yes", "follow parameter must be \"true\" or \"false\"")]
    public async Task A_wrong_request_is_refused(string query, string message)
    {
        var answer = await daemon.GetAsync("/v1/logs?" + query);

        Assert.Equal((400, message), (answer.Status, answer.Message));
    }
}
