namespace Pebble.Tests.Services;

public sealed class LifeTests
{
    [Theory]
    [InlineData("exit 1", "on-failure: shutdown", 10)]
    [InlineData("exit 0", "on-success: shutdown", 0)]
    [InlineData("exit 1", "on-failure: success-shutdown", 0)]
    [InlineData("exit 0", "on-success: failure-shutdown", 10)]
    public async Task A_service_can_end_the_daemon(string script, string action, int exitCode)
    {
        await using var daemon = new TestDaemon();
        daemon.WriteLayer("001-base.yaml", "services: {a: {override: replace, startup: enabled, command: \"sh -c '" + script + "'\", " + action + "}}");

        daemon.Launch();

        Assert.Equal(exitCode, await daemon.ExitCodeAsync());
    }

    [Fact]
    public async Task A_check_can_end_the_daemon()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            services: {a: {override: replace, command: sleep 1000, on-check-failure: {c: shutdown}}}
            checks: {c: {override: replace, startup: disabled, exec: {command: "false"}, period: 20ms, threshold: 1}}
            """);
        await daemon.ServicesAsync("start", "a");

        await daemon.PostAsync("/v1/checks", """{"action":"start","checks":["c"]}""");

        Assert.Equal(11, await daemon.ExitCodeAsync());
    }

    [Fact]
    public async Task A_failed_check_restarts_its_service()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            services: {a: {override: replace, command: "sh -c 'echo started; exec sleep 1000'", backoff-delay: 10ms, on-check-failure: {c: restart}}}
            checks: {c: {override: replace, startup: disabled, exec: {command: "false"}, period: 20ms, threshold: 1}}
            """);
        await daemon.ServicesAsync("start", "a");

        await daemon.PostAsync("/v1/checks", """{"action":"start","checks":["c"]}""");

        await TestDaemon.UntilAsync(async () => (await daemon.LogsAsync("a")).Count == 2);
        await daemon.UntilStatusAsync("a", "active");
    }

    [Fact]
    public async Task Termination_stops_every_service_and_leaves_nothing()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            services:
              a: {override: replace, startup: enabled, command: sleep 1000}
              b: {override: replace, startup: enabled, command: sleep 1000, requires: [a], after: [a]}
            """, "--verbose");
        await daemon.UntilStatusAsync("b", "active");
        var children = daemon.Children();
        Assert.Equal(2, children.Count);

        Assert.Equal(0, await daemon.TerminateAsync());

        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child}")));
        Assert.True(daemon.Output.IndexOf("\"b\" stopped", StringComparison.Ordinal) < daemon.Output.IndexOf("\"a\" stopped", StringComparison.Ordinal));
        Assert.False(File.Exists(daemon.SocketPath));
    }

    [Fact]
    public async Task Orphans_are_adopted_and_reaped()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: \"sh -c '(setsid sh -c \\\"sleep 0.3\\\" &); exec sleep 1000'\"}}");

        await daemon.ServicesAsync("start", "a");

        await TestDaemon.UntilAsync(() => daemon.Children().Count == 1);
    }

    [Fact]
    public async Task Arguments_of_the_command_line_replace_the_default_ones()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, startup: enabled, command: \"echo base [ default ]\", on-success: ignore}}",
            "--args", "a", "--given", "two words", ";", "--verbose");

        await TestDaemon.UntilAsync(() => daemon.Output.Contains("Z [a] base --given two words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_socket_in_use_is_left_alone()
    {
        await using var daemon = await TestDaemon.StartNewAsync("checks: {c: {override: replace, exec: {command: \"true\"}}}");
        await daemon.ChangeAsync("/v1/services", """{"action":"replan"}""");
        var state = await File.ReadAllTextAsync(daemon.PathOf(".pebble.state"), TestContext.Current.CancellationToken);

        var second = await daemon.CliAsync("run", "--hold");

        Assert.Equal(1, second.ExitCode);
        Assert.Equal(state, await File.ReadAllTextAsync(daemon.PathOf(".pebble.state"), TestContext.Current.CancellationToken));
        Assert.Contains("cannot run daemon: when trying to listen on ", second.Error, StringComparison.Ordinal);
        Assert.Equal(200, (await daemon.GetAsync("/v1/health")).Status);
    }

    [Theory]
    [InlineData("1-bad.yaml", "", "cannot run daemon: cannot load plan: invalid layer filename: \"1-bad.yaml\"")]
    [InlineData("001-abc.yaml", "services: {a: {override: replace}}", "cannot run daemon: cannot load plan: plan must define \"command\" for service \"a\"")]
    public async Task Wrong_layers_stop_the_daemon(string file, string yaml, string message)
    {
        await using var daemon = new TestDaemon();
        daemon.WriteLayer(file, yaml);

        var run = await daemon.CliAsync("run");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_checks_and_ends()
    {
        await using var daemon = new TestDaemon();
        daemon.WriteLayer("001-base.yaml", "services: {a: {override: replace, command: x, startup: enabled}}");

        Assert.Equal(0, (await daemon.CliAsync("run", "--dry")).ExitCode);
        Assert.False(File.Exists(daemon.PathOf(".pebble.state")));
    }

    [Fact]
    public async Task Enter_runs_a_command_with_a_daemon_of_its_own()
    {
        await using var daemon = new TestDaemon();
        daemon.WriteLayer("001-base.yaml", "services: {a: {override: replace, command: x}}");

        var services = await daemon.CliAsync("enter", "services");

        Assert.Equal((0, ""), (services.ExitCode, services.Error));
        Assert.Contains("a ", services.Output, StringComparison.Ordinal);
        Assert.Equal(7, (await daemon.CliAsync("enter", "exec", "sh", "-c", "exit 7")).ExitCode);
        Assert.Contains("enter: subcommand \"logs\" is not supported", (await daemon.CliAsync("enter", "logs")).Error, StringComparison.Ordinal);
    }
}
