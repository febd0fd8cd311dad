namespace Pebble.Tests.Cli;

public sealed class CommandTests
{
    const string Layer = """
        services:
            web: {override: replace, command: sleep 100, startup: enabled}
            bad: {override: replace, command: "sh -c 'echo oops; exit 3'", on-failure: ignore}
        checks:
            alive: {override: replace, level: alive, exec: {command: "true"}}
        """;

    [Fact]
    public async Task Services_are_a_table_or_a_document()
    {
        await using var daemon = await TestDaemon.StartNewAsync(Layer);

        Assert.Equal(new CliResult(0, """
            Service  Startup   Current   Since
            bad      disabled  inactive  -
            web      enabled   inactive  -

            """, ""), await daemon.CliAsync("services"));
        Assert.Equal("""{"services":{"web":{"name":"web","startup":"enabled","current":"inactive"}}}""" + "\n",
            (await daemon.CliAsync("services", "web", "--format", "json")).Output);
        Assert.Equal("""
            services:
                web:
                    name: web
                    startup: enabled
                    current: inactive

            """, (await daemon.CliAsync("services", "--format=yaml", "web")).Output);
        Assert.Equal(new CliResult(0, "", "No matching services.\n"), await daemon.CliAsync("services", "nope"));
    }

    [Fact]
    public async Task Starting_waits_and_tells_what_went_wrong()
    {
        await using var daemon = await TestDaemon.StartNewAsync(Layer);

        Assert.Equal(0, (await daemon.CliAsync("start", "web")).ExitCode);
        Assert.Equal(new CliResult(1, "", """
            error: cannot perform the following tasks:
            - Start service "bad" (service start attempt: exited quickly with code 3, will ignore)

            """), await daemon.CliAsync("start", "bad"));
        Assert.Matches(@"^\d+\n$", (await daemon.CliAsync("stop", "--no-wait", "web")).Output);
    }

    [Fact]
    public async Task Exec_passes_streams_and_the_exit_code()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        Assert.Equal(new CliResult(42, "out\n", "err\n"), await daemon.CliAsync("exec", "sh", "-c", "echo out; echo err >&2; exit 42"));
        Assert.Equal(new CliResult(0, "b\n", ""), await daemon.CliAsync("exec", "--env", "A=b", "--", "sh", "-c", "echo $A"));
        Assert.Equal(new CliResult(1, "", "error: cannot find executable \"no-such\"\n"), await daemon.CliAsync("exec", "no-such"));
    }

    [Fact]
    public async Task Notices_are_listed_until_they_are_okayed()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        daemon.Environment["XDG_CONFIG_HOME"] = daemon.PathOf("config");

        Assert.Equal("error: no notices or warnings have been listed; try 'pebble notices' or 'pebble warnings'\n", (await daemon.CliAsync("okay")).Error);
        Assert.Equal("Recorded notice 1\n", (await daemon.CliAsync("notify", "example.com/a", "k=v")).Output);
        Assert.Contains("1    0     custom  example.com/a  today at ", (await daemon.CliAsync("notices")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await daemon.CliAsync("okay")).ExitCode);
        Assert.Equal(new CliResult(0, "", "No matching notices.\n"), await daemon.CliAsync("notices"));
    }

    [Fact]
    public async Task Files_are_pushed_listed_pulled_and_removed()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        await File.WriteAllTextAsync(daemon.PathOf("local"), new string('x', 5521));
        var remote = daemon.PathOf("remote/file");

        Assert.Equal(new CliResult(0, "", ""), await daemon.CliAsync("push", "-p", "-m", "640", daemon.PathOf("local"), remote));
        Assert.Matches(@"^-rw-r-----  \S+  \S+  5\.52kB  today at \d\d:\d\d \w+  file\n$", (await daemon.CliAsync("ls", "-l", remote)).Output);
        Assert.Equal(new CliResult(0, "", ""), await daemon.CliAsync("pull", remote, daemon.PathOf("back")));
        Assert.Equal(await File.ReadAllTextAsync(daemon.PathOf("local")), await File.ReadAllTextAsync(daemon.PathOf("back")));
        Assert.Equal($"error: remove {daemon.PathOf("remote")}: directory not empty\n",
            (await daemon.CliAsync("rm", daemon.PathOf("remote"))).Error.Replace("\n       ", " ", StringComparison.Ordinal));
        Assert.Equal(0, (await daemon.CliAsync("rm", "-r", daemon.PathOf("remote"))).ExitCode);
    }

    [Fact]
    public async Task Health_is_an_exit_code()
    {
        await using var daemon = await TestDaemon.StartNewAsync(Layer);

        Assert.Equal(new CliResult(0, "healthy\n", ""), await daemon.CliAsync("health"));
        Assert.Equal("Checks stopped: alive\n", (await daemon.CliAsync("stop-checks", "alive")).Output);
        Assert.Equal("Checks already stopped.\n", (await daemon.CliAsync("stop-checks", "alive")).Output);
    }

    [Theory]
    [InlineData("error: unknown command \"foo\", see 'pebble help'", "foo")]
    [InlineData("error: the required argument `<path>` was not provided", "ls")]
    [InlineData("error: the required arguments `<label>` and `<layer-path>` were not provided", "add")]
    [InlineData("error: the required argument `<service> (at least 1 argument)` was not provided", "start")]
    [InlineData("error: the required flag `--from' was not specified", "add-identities")]
    [InlineData("error: unknown flag `x'", "ls", "-x", "/")]
    [InlineData("error: expected argument for flag `--level'", "checks", "--level")]
    [InlineData("error: Invalid value `x' for option `--format'. Allowed values are: text, json or yaml", "changes", "--format", "x")]
    [InlineData("error: too many arguments for command", "mkdir", "a", "b")]
    [InlineData("error: signal name must be uppercase, for example HUP", "signal", "hup", "web")]
    [InlineData("error: cannot use -t and -T at the same time", "exec", "-t", "-T", "true")]
    public async Task Wrong_arguments_are_an_error_without_a_daemon(string error, params string[] arguments)
    {
        await using var daemon = new TestDaemon();

        Assert.Equal(new CliResult(1, "", error + "\n"), await daemon.CliAsync(arguments));
    }

    [Fact]
    public async Task Without_a_command_there_is_help_and_version_needs_no_daemon()
    {
        await using var daemon = new TestDaemon();

        Assert.Contains("Identities: identities --help", (await daemon.CliAsync()).Output, StringComparison.Ordinal);
        Assert.Equal(new CliResult(0, "v1.32.1\n", ""), await daemon.CliAsync("version", "--client"));
    }
}
