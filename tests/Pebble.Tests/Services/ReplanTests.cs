namespace Pebble.Tests.Services;

public sealed class ReplanTests
{
    [Fact]
    public async Task Only_what_changed_is_restarted()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            services:
              same: {override: replace, command: sleep 1000, startup: enabled}
              other: {override: replace, command: sleep 1000, startup: enabled}
              manual: {override: replace, command: sleep 1000}
            """);
        Assert.Equal("Autostart service \"other\" and 1 more", (await daemon.ChangeAsync("/v1/services", """{"action":"autostart"}""")).GetProperty("summary").GetString());
        var before = (await daemon.ServiceAsync("same")).GetProperty("current-since").GetString();

        await daemon.AddLayerAsync("services: {other: {override: merge, environment: {A: b}}}");
        Assert.Equal("active", await daemon.StatusAsync("other"));
        var change = await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");

        Assert.Equal(["Stop service \"other\"", "Start service \"other\"", "Start service \"same\""],
            change.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("summary").GetString()));
        Assert.Equal(before, (await daemon.ServiceAsync("same")).GetProperty("current-since").GetString());
        Assert.Equal("inactive", await daemon.StatusAsync("manual"));
    }

    [Fact]
    public async Task Nothing_to_do_is_done_without_tasks()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var change = await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");

        Assert.Equal(("Replan - no services", "Done", false), (change.GetProperty("summary").GetString(), change.GetProperty("status").GetString(), change.TryGetProperty("tasks", out _)));
        var none = await daemon.PostAsync("/v1/services", """{"action":"autostart"}""");
        Assert.Equal((400, "no-default-services"), (none.Status, none.Kind));
    }

    [Fact]
    public async Task A_refused_layer_changes_nothing()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: x}}");
        var before = (await daemon.GetAsync("/v1/plan?format=yaml")).Text;

        var answer = await daemon.AddLayerAsync("services: {a: {override: merge, requires: [nope]}}");

        Assert.Equal((400, "service \"nope\" does not exist"), (answer.Status, answer.Message));
        Assert.Equal(before, (await daemon.GetAsync("/v1/plan?format=yaml")).Text);
    }

    [Fact]
    public async Task Layers_are_added_once_and_combined_in_their_place()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: one}}");
        await daemon.AddLayerAsync("services: {a: {override: replace, command: two}}", "second");

        Assert.Equal("layer \"second\" already exists", (await daemon.AddLayerAsync("", "second", combine: false)).Message);
        Assert.Equal(200, (await daemon.AddLayerAsync("services: {a: {override: merge, summary: base}}", "base")).Status);
        var plan = (await daemon.GetAsync("/v1/plan?format=yaml")).Result.GetString()!;
        Assert.Contains("command: two", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("summary", plan, StringComparison.Ordinal);
        Assert.Equal("cannot parse layer YAML: cannot parse layer \"bad\": unknown section \"x\"", (await daemon.AddLayerAsync("x: y", "bad")).Message);
    }

    [Fact]
    public async Task A_layer_between_others_must_be_meant()
    {
        await using var daemon = new TestDaemon();
        Directory.CreateDirectory(daemon.PathOf("layers/001-dir.d"));
        daemon.WriteLayer("001-dir.d/001-one.yaml", "");
        daemon.WriteLayer("002-last.yaml", "");
        await daemon.StartAsync("--hold");

        var refused = await daemon.PostAsync("/v1/layers", """{"action":"add","label":"dir/two","format":"yaml","layer":""}""");
        var inner = await daemon.PostAsync("/v1/layers", """{"action":"add","label":"dir/two","format":"yaml","layer":"","inner":true}""");

        Assert.Equal((500, "cannot insert sub-directory layer without 'inner' attribute set"), (refused.Status, refused.Message));
        Assert.Equal(200, inner.Status);
    }

    [Fact]
    public async Task Workloads_give_user_and_environment_and_never_change()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            workloads: {w: {override: replace, user: nobody, environment: {A: work, B: work}}}
            services: {a: {override: replace, workload: w, environment: {B: own}, command: "sh -c 'echo $A $B $(id -un); exec sleep 1000'"}}
            """);

        await daemon.ServicesAsync("start", "a");

        Assert.Equal("work own nobody", Assert.Single(await daemon.LogsAsync("a")));
        Assert.Equal("cannot change immutable section \"workloads\"", (await daemon.AddLayerAsync("workloads: {v: {override: replace}}")).Message);
    }

    [Theory]
    [InlineData("""{"action":"remove","label":"x","format":"yaml","layer":""}""", "invalid action \"remove\"")]
    [InlineData("""{"action":"add","format":"yaml","layer":""}""", "label must be set")]
    [InlineData("""{"action":"add","label":"x","format":"json","layer":""}""", "invalid format \"json\"")]
    public async Task A_wrong_request_is_refused(string body, string message)
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        Assert.Equal(message, (await daemon.PostAsync("/v1/layers", body)).Message);
    }
}
