namespace Pebble.Tests.Changes;

public sealed class ChangesApiTests
{
    [Fact]
    public async Task Changes_are_selected_by_state_and_service()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: sleep 1000}, b: {override: replace, command: sleep 1000}}");
        await daemon.ServicesAsync("start", "a");
        var pending = await daemon.PostAsync("/v1/services", """{"action":"start","services":["b"]}""");

        async Task<string> Ids(string query) =>
            string.Join(',', (await daemon.GetAsync("/v1/changes" + query)).Result.EnumerateArray().Select(change => change.GetProperty("id").GetString()).Order());

        Assert.Equal("2", await Ids(""));
        Assert.Equal("1", await Ids("?select=ready"));
        Assert.Equal("1,2", await Ids("?select=all"));
        Assert.Equal("1", await Ids("?select=all&for=a"));
        Assert.Equal("select should be one of: all,in-progress,ready", (await daemon.GetAsync("/v1/changes?select=x")).Message);
        await daemon.WaitAsync(pending.Change!);
    }

    [Fact]
    public async Task Waiting_ends_with_the_change_or_the_time()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: sleep 1000}}");
        var started = await daemon.PostAsync("/v1/services", """{"action":"start","services":["a"]}""");

        var timeout = await daemon.GetAsync($"/v1/changes/{started.Change}/wait?timeout=0.1s");
        Assert.Equal((504, "timed out waiting for change after 100ms"), (timeout.Status, timeout.Message));
        Assert.Equal((400, "invalid timeout: time: invalid duration \"x\""), ((await daemon.GetAsync($"/v1/changes/{started.Change}/wait?timeout=x")).Status, (await daemon.GetAsync($"/v1/changes/{started.Change}/wait?timeout=x")).Message));
        var task = (await daemon.GetAsync($"/v1/changes/{started.Change}")).Result.GetProperty("tasks")[0];
        Assert.Equal("""{"label":"","done":1,"total":1}""", task.GetProperty("progress").GetRawText());
        Assert.True((await daemon.WaitAsync(started.Change!)).GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        Assert.Equal("cannot find change with id \"7\"", (await daemon.GetAsync("/v1/changes/7")).Message);
        Assert.Equal(404, (await daemon.GetAsync("/v1/changes/7/wait")).Status);
        Assert.Equal(404, (await daemon.PostAsync("/v1/changes/7", "{}")).Status);
    }

    [Fact]
    public async Task Times_are_in_the_daemons_own_zone()
    {
        await using var daemon = new TestDaemon();
        // A zone file of one type: nine hours east, no daylight saving (RFC 8536).
        var zone = daemon.PathOf("zone");
        await File.WriteAllBytesAsync(zone, [.. "TZif\0"u8, .. new byte[15 + 16], 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0x7e, 0x90, 0, 0, .. "JST\0"u8], TestContext.Current.CancellationToken);
        daemon.Environment["TZ"] = zone;
        await daemon.StartAsync("--hold");

        var change = await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");

        Assert.EndsWith("+09:00", change.GetProperty("spawn-time").GetString(), StringComparison.Ordinal);
    }
}
