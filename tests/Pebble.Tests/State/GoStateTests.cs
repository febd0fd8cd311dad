namespace Pebble.Tests.State;

/// <summary>A state file that the Go program left is taken over.</summary>
public sealed class GoStateTests
{
    const string Kept = """
        {"data":{"identities":{"bob":{"access":"admin","local":{"user-id":42}}},"patch-level":2,"patch-sublevel":0,"start-of-operation-time":"2026-01-01T00:00:00Z"},
         "changes":{"1":{"id":"1","kind":"autostart","summary":"Autostart service \"a\"","status":4,"clean":true,"data":{"service-names":["a"]},"task-ids":["1"],
           "spawn-time":"2126-01-01T00:00:00.123456789Z","ready-time":"2126-01-01T00:00:01.5Z","last-recorded-notice-status":4}},
         "tasks":{"1":{"id":"1","kind":"start","summary":"Start service \"a\"","status":4,"waited-status":0,"clean":true,"data":{"service-request":{"Name":"a"},"started":true},
           "lanes":[1],"change":"1","spawn-time":"2126-01-01T00:00:00Z","ready-time":"2126-01-01T00:00:01Z","doing-time":1001}},
         "notices":[{"id":"1","user-id":0,"type":"custom","key":"a.b/c","first-occurred":"2126-01-01T00:00:00Z","last-occurred":"2126-01-01T00:00:00Z",
           "last-repeated":"2126-01-01T00:00:00Z","occurrences":1,"expire-after":"168h0m0s"}],
         "last-change-id":1,"last-task-id":1,"last-lane-id":1,"last-notice-id":1}
        """;

    [Fact]
    public async Task Changes_notices_and_identities_are_there()
    {
        await using var daemon = new TestDaemon();
        await File.WriteAllTextAsync(daemon.PathOf(".pebble.state"), Kept, TestContext.Current.CancellationToken);
        await daemon.StartAsync("--hold");

        var change = (await daemon.GetAsync("/v1/changes/1")).Result;
        var next = await daemon.PostAsync("/v1/notices", """{"action":"add","type":"custom","key":"a.b/d"}""");

        Assert.Equal("Done", change.GetProperty("status").GetString());
        Assert.Equal("Start service \"a\"", change.GetProperty("tasks")[0].GetProperty("summary").GetString());
        Assert.Equal("""{"bob":{"access":"admin","local":{"user-id":42}}}""", (await daemon.GetAsync("/v1/identities")).Result.GetRawText());
        Assert.Equal("a.b/c", (await daemon.GetAsync("/v1/notices/1")).Result.GetProperty("key").GetString());
        Assert.Equal("2", next.Result.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("{", "cannot run daemon: cannot read state: unexpected EOF")]
    [InlineData("[]", "cannot run daemon: cannot read state: a value is missing or not of its type")]
    [InlineData("""{"data":{"patch-level":99}}""", "cannot run daemon: cannot downgrade: software version is too old for the current system state (patch level 99)")]
    public async Task A_state_that_cannot_be_read_stops_the_daemon_and_is_left_alone(string kept, string message)
    {
        await using var daemon = new TestDaemon();
        await File.WriteAllTextAsync(daemon.PathOf(".pebble.state"), kept, TestContext.Current.CancellationToken);

        var run = await daemon.CliAsync("run", "--hold");

        Assert.Equal((1, message + "\n"), (run.ExitCode, run.Error));
        Assert.Equal(kept, await File.ReadAllTextAsync(daemon.PathOf(".pebble.state"), TestContext.Current.CancellationToken));
    }
}
