namespace Pebble.Tests.Exec;

public sealed class ExecTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    Task<ExecSession> StartAsync(string command, string more = "") => ExecSession.StartAsync(daemon, command, more);

    [Fact]
    public async Task Input_comes_back_and_the_exit_code_is_told()
    {
        await using var session = await StartAsync("cat; exit 42");
        await session.SendAsync("hello ");
        await session.SendAsync("world");
        await session.EndInputAsync();

        Assert.Equal("hello world", await session.ReadAsync());
        Assert.Equal(42, await session.ExitCodeAsync());
        Assert.Equal("Done", (await session.ChangeAsync()).GetProperty("status").GetString());
        Assert.Equal("Execute command \"sh\"", (await session.ChangeAsync()).GetProperty("summary").GetString());
    }

    [Fact]
    public async Task Errors_come_with_the_output_unless_apart()
    {
        await using var together = await StartAsync("echo out; echo err >&2");
        await using var apart = await StartAsync("echo out; echo err >&2", ", \"split-stderr\": true");

        Assert.Equal("out\nerr\n", await together.ReadAsync());
        Assert.Equal("out\n", await apart.ReadAsync());
        Assert.Equal("err\n", await apart.ReadAsync("stderr"));
    }

    [Fact]
    public async Task A_lot_of_data_goes_both_ways()
    {
        await using var session = await StartAsync("cat");
        var data = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number} "));
        var reading = session.ReadAsync();
        for (var at = 0; at < data.Length; at += 100_000)
        {
            await session.SendAsync(data.Substring(at, Math.Min(100_000, data.Length - at)));
        }

        await session.EndInputAsync();

        Assert.Equal(data, await reading);
    }

    [Fact]
    public async Task The_environment_is_told_in_full()
    {
        await using var session = await StartAsync("echo $FOO $LANG; pwd", ", \"environment\": {\"FOO\": \"bar\", \"LANG\": \"x\"}, \"working-dir\": \"/usr\"");

        Assert.Equal("bar x\n/usr\n", await session.ReadAsync());
        Assert.Equal("/usr", session.Answer.Result.GetProperty("working-dir").GetString());
        Assert.Equal("bar", session.Answer.Result.GetProperty("environment").GetProperty("FOO").GetString());
        Assert.False(session.Answer.Result.GetProperty("environment").TryGetProperty("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", out _));
    }

    [Fact]
    public async Task Another_user_is_at_home()
    {
        await using var session = await StartAsync("echo $HOME $USER $(id -u):$(id -g) $(id -G)", ", \"user\": \"nobody\", \"working-dir\": \"/\"");

        Assert.Equal("/nonexistent nobody 65534:65534 65534\n", await session.ReadAsync());
    }

    [Fact]
    public async Task A_service_lends_its_context()
    {
        await daemon.AddLayerAsync("services: {ctx: {override: replace, command: x, environment: {A: service, B: service}, working-dir: /usr, user: nobody}}");
        await using var session = await StartAsync("echo $A $B $(pwd) $(id -un)", ", \"service-context\": \"ctx\", \"environment\": {\"B\": \"own\"}");

        Assert.Equal("service own /usr nobody\n", await session.ReadAsync());
    }

    [Fact]
    public async Task A_timeout_kills_the_command()
    {
        await using var session = await StartAsync("exec sleep 1000", ", \"timeout\": \"300ms\"");

        var change = await session.ChangeAsync();

        Assert.Equal("cannot perform the following tasks:\n- Execute command \"sh\" (timed out after 300ms: context deadline exceeded)", change.GetProperty("err").GetString());
        Assert.Equal(-1, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task A_signal_is_sent_through_control()
    {
        await using var session = await StartAsync("trap 'echo got; exit 5' USR2; echo ready; while :; do sleep 0.01; done");
        await session.ReadAsync(enough: "ready");

        await session.ControlAsync("not json");
        await session.ControlAsync("""{"command":"signal","signal":{"name":"USR2"}}""");
        await session.ControlAsync("""{"command":"signal","signal":{"name":"SIGUSR2"}}""");

        Assert.Equal("got\n", await session.ReadAsync());
        Assert.Equal(5, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task Death_by_a_signal_is_128_and_its_number()
    {
        await using var session = await StartAsync("kill -TERM $$");

        Assert.Equal(143, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task A_client_that_drops_control_ends_the_command()
    {
        await using var session = await StartAsync("echo ready; exec sleep 1000");
        await session.ReadAsync(enough: "ready");

        session.Drop("control");

        Assert.Equal(137, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task An_aborted_command_is_done_with_137()
    {
        await using var session = await StartAsync("echo ready; exec sleep 1000");
        await session.ReadAsync(enough: "ready");

        await daemon.PostAsync($"/v1/changes/{session.Answer.Change}", """{"action":"abort"}""");

        Assert.Equal("Done", (await session.ChangeAsync()).GetProperty("status").GetString());
        Assert.Equal(137, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task A_command_that_nobody_connects_to_can_be_aborted()
    {
        await using var session = await ExecSession.PostAsync(daemon, """{"command": ["true"]}""");

        await daemon.PostAsync($"/v1/changes/{session.Answer.Change}", """{"action":"abort"}""");

        Assert.Equal("Error", (await session.ChangeAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_command_that_nobody_connects_to_is_given_up()
    {
        await using var session = await ExecSession.PostAsync(daemon, """{"command": ["true"]}""");

        Assert.Contains("timeout waiting for websocket connections: context deadline exceeded", (await session.ChangeAsync()).GetProperty("err").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_is_one()
    {
        await using var session = await StartAsync("tty >/dev/null && stty size; echo done", ", \"terminal\": true, \"interactive\": true, \"width\": 80, \"height\": 25");

        Assert.Equal("25 80\r\ndone\r\n", await session.ReadAsync());
    }

    [Fact]
    public async Task A_terminal_can_be_resized_and_typed_at()
    {
        // The resize and the typed line come by two sockets, in no order.
        await using var session = await StartAsync(
            "echo ready; read line; echo got $line; until stty size | grep 44; do sleep 0.05; done; read line", ", \"terminal\": true, \"interactive\": true");
        await session.ReadAsync(enough: "ready");

        await session.ControlAsync("""{"command":"resize","resize":{"width":33,"height":44}}""");
        await session.SendAsync("typed\n");
        Assert.Contains("got typed", await session.ReadAsync(enough: "44 33"), StringComparison.Ordinal);
        await session.SendAsync("\u0003");

        Assert.Equal(130, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task A_terminal_ends_with_its_process_whoever_holds_it()
    {
        await using var session = await StartAsync("sleep 1000 & echo $!", ", \"terminal\": true");

        var child = (await session.ReadAsync()).Trim();

        Assert.Equal(0, await session.ExitCodeAsync());
        TestDaemon.Shell($"kill -9 {child}");
    }

    [Fact]
    public async Task Without_a_terminal_it_lasts_until_nobody_holds_the_output()
    {
        await using var session = await StartAsync("sleep 1000 & echo $!; exit 3");
        var child = (await session.ReadAsync(enough: "\n")).Trim();

        Assert.Equal(504, (await daemon.GetAsync($"/v1/changes/{session.Answer.Change}/wait?timeout=100ms")).Status);
        TestDaemon.Shell($"kill -9 {child}");

        Assert.Equal(3, await session.ExitCodeAsync());
    }

    [Theory]
    [InlineData("""{"command": []}""", 400, "must specify command")]
    [InlineData("""{"command": ["no-such"]}""", 400, "cannot find executable \"no-such\"")]
    [InlineData("""{"command": ["/etc/passwd"]}""", 400, "cannot find executable \"/etc/passwd\"")]
    [InlineData("""{"command": ["true"], "timeout": "x"}""", 400, "invalid timeout: time: invalid duration \"x\"")]
    [InlineData("""{"command": ["true"], "working-dir": "/no/where"}""", 500, "cannot call exec: working directory \"/no/where\" does not exist")]
    [InlineData("""{"command": ["true"], "interactive": true}""", 500, "cannot call exec: cannot use interactive mode without a terminal")]
    [InlineData("""{"command": ["true"], "service-context": "no"}""", 400, "context service \"no\" not found")]
    [InlineData("""{"command": ["true"], "user": "no-one-here"}""", 400, "user: unknown user no-one-here")]
    [InlineData("""{"command": ["true"], "user": "root", "user-id": 5}""", 400, "user \"root\" UID (0) does not match user-id (5)")]
    [InlineData("""{"command": "true"}""", 400, "cannot decode request body: json: cannot unmarshal string into Go struct field execPayload.command of type []string")]
    [InlineData("{", 400, "cannot decode request body: unexpected EOF")]
    public async Task A_wrong_request_is_refused(string body, int status, string message)
    {
        var answer = await daemon.PostAsync("/v1/exec", body);

        Assert.Equal((status, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Websockets_of_nothing_are_not_found()
    {
        await using var session = await StartAsync("exec sleep 1000");

        Assert.Equal((404, "cannot find task \"99999\""), await Ask("99999", "stdio"));
        Assert.Equal((404, $"cannot find stderr websocket for task \"{session.TaskId}\""), await Ask(session.TaskId, "stderr"));
        session.Drop("control");
        await session.ChangeAsync();

        async Task<(int, string)> Ask(string task, string name)
        {
            var answer = await daemon.GetAsync($"/v1/tasks/{task}/websocket/{name}");
            return (answer.Status, answer.Message);
        }
    }

    [Fact]
    public async Task Nothing_is_left_open_by_commands()
    {
        await Run();
        var before = 0;
        await TestDaemon.UntilAsync(() => before == (before = daemon.OpenDescriptors()));

        for (var round = 0; round < 20; round++)
        {
            await Run();
        }

        await TestDaemon.UntilAsync(() => daemon.OpenDescriptors() <= before + 3);

        async Task Run()
        {
            await using var session = await StartAsync("echo hi", ", \"split-stderr\": true");
            await session.ReadAsync();
            await session.ReadAsync("stderr");
            await session.ChangeAsync();
        }
    }
}
