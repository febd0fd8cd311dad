namespace Pebble.Tests.State;

public sealed class RestartTests
{
    [Fact]
    public async Task What_was_answered_survives_a_kill()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: sleep 1000}}");
        for (var round = 0; round < 3; round++)
        {
            var answer = await daemon.PostAsync("/v1/services", """{"action":"start","services":["a"]}""");
            var children = daemon.Children();
            await daemon.KillAsync();
            Assert.All(children, child => TestDaemon.Shell($"kill -9 {child}"));
            await daemon.StartAsync("--hold");

            var change = await daemon.WaitAsync(answer.Change!);

            Assert.Equal("Start service \"a\"", change.GetProperty("summary").GetString());
            Assert.Contains(change.GetProperty("status").GetString(), (string[])["Error", "Done"]);
        }

        var all = await daemon.GetAsync("/v1/changes?select=all");
        Assert.Equal(["1", "2", "3"], all.Result.EnumerateArray().Select(each => each.GetProperty("id").GetString()!).Order());
    }

    [Fact]
    public async Task A_start_under_way_is_not_done_again()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: \"sh -c 'echo $$ > pid; exec sleep 1000'\", working-dir: /tmp}}");
        var folder = daemon.Folder;
        await daemon.AddLayerAsync($"services: {{a: {{override: merge, working-dir: {folder}}}}}");
        var answer = await daemon.PostAsync("/v1/services", """{"action":"start","services":["a"]}""");
        await TestDaemon.UntilAsync(() => File.Exists(daemon.PathOf("pid")) && File.ReadAllText(daemon.PathOf("pid")).EndsWith('\n'));
        // What an answer says is on disk: killed before, the daemon would rightly begin anew.
        Assert.Equal("Doing", (await daemon.GetAsync($"/v1/changes/{answer.Change}")).Result.GetProperty("status").GetString());
        await daemon.KillAsync();

        await daemon.StartAsync("--hold");

        Assert.Contains("service already started, not retrying", (await daemon.WaitAsync(answer.Change!)).GetProperty("err").GetString(), StringComparison.Ordinal);
        TestDaemon.Shell($"kill -9 {File.ReadAllText(daemon.PathOf("pid"))}");
    }

    [Fact]
    public async Task Layers_and_logs_are_not_kept_but_ids_go_on()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        await daemon.AddLayerAsync("services: {a: {override: replace, command: x}}");
        await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");
        await daemon.TerminateAsync();

        await daemon.StartAsync("--hold");

        Assert.Equal("{}\n", (await daemon.GetAsync("/v1/plan?format=yaml")).Result.GetString());
        Assert.Equal("2", (await daemon.PostAsync("/v1/services", """{"action":"replan"}""")).Change);
    }

    [Fact]
    public async Task Nothing_is_written_when_asked_not_to()
    {
        await using var daemon = new TestDaemon { Environment = { ["PEBBLE_PERSIST"] = "never" } };
        await daemon.StartAsync("--hold");

        await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");

        Assert.False(File.Exists(daemon.PathOf(".pebble.state")));
    }

    [Fact]
    public async Task A_broken_state_file_is_told()
    {
        await using var daemon = new TestDaemon();
        await File.WriteAllTextAsync(daemon.PathOf(".pebble.state"), "{broken");

        var run = await daemon.CliAsync("run", "--hold");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot run daemon: cannot read state: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_for_its_owner_alone()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(daemon.PathOf(".pebble.state")));
        Assert.Equal(["layers", ".pebble.state", ".pebble.socket"], Directory.GetFileSystemEntries(daemon.Folder).Select(Path.GetFileName).OrderByDescending(name => name, StringComparer.Ordinal));
    }
}
