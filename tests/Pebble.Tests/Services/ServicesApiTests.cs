using System.Text.Json;

namespace Pebble.Tests.Services;

public sealed class ServicesApiTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    static string Log(JsonElement change, int task = 0) =>
        change.GetProperty("tasks")[task].TryGetProperty("log", out var log) ? string.Join('\n', log.EnumerateArray().Select(line => line.GetString())) : "";

    static string[] Statuses(JsonElement change) => [.. change.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("status").GetString()!)];

    [Fact]
    public async Task A_service_runs_and_stops()
    {
        await daemon.AddLayerAsync("services: {run1: {override: replace, command: sleep 1000}}");
        Assert.False((await daemon.ServiceAsync("run1")).TryGetProperty("current-since", out _));

        var change = await daemon.ServicesAsync("start", "run1");

        Assert.Equal("Start service \"run1\"", change.GetProperty("summary").GetString());
        Assert.Equal("active", await daemon.StatusAsync("run1"));
        var since = (await daemon.ServiceAsync("run1")).GetProperty("current-since").GetString();
        var again = await daemon.ServicesAsync("start", "run1");
        Assert.Contains(" INFO Service \"run1\" already started.", Log(again), StringComparison.Ordinal);
        Assert.Equal(since, (await daemon.ServiceAsync("run1")).GetProperty("current-since").GetString());

        await daemon.ServicesAsync("stop", "run1");
        Assert.Equal("inactive", await daemon.StatusAsync("run1"));
        Assert.Contains("already stopped.", Log(await daemon.ServicesAsync("stop", "run1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_what_never_ran_says_so()
    {
        await daemon.AddLayerAsync("services: {never1: {override: replace, command: sleep 1000}}");

        Assert.Contains("Service \"never1\" has never been started.", Log(await daemon.ServicesAsync("stop", "never1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "ignore", "exited quickly with code 3, will ignore", "error")]
    [InlineData("exit 0", "ignore", "exited quickly with code 0, will ignore", "inactive")]
    [InlineData("kill -9 $$", "ignore", "exited quickly with code 137, will ignore", "error")]
    [InlineData("exit 4", "restart", "exited quickly with code 4, will restart", "backoff")]
    public async Task A_service_that_exits_at_once_is_an_error(string script, string action, string message, string status)
    {
        var name = $"quick{script.GetHashCode(StringComparison.Ordinal):x}";
        await daemon.AddLayerAsync($"services: {{{name}: {{override: replace, command: \"sh -c 'echo first; echo last; {script}'\", on-success: {action}, on-failure: {action}, backoff-delay: 1h}}}}");

        var change = await daemon.ServicesAsync("start", name);

        Assert.Equal("Error", change.GetProperty("status").GetString());
        Assert.Equal($"cannot perform the following tasks:\n- Start service \"{name}\" (service start attempt: {message})", change.GetProperty("err").GetString());
        Assert.Contains("INFO Most recent service output:\n    first\n    last", Log(change), StringComparison.Ordinal);
        await daemon.UntilStatusAsync(name, status);
        if (status == "error")
        {
            Assert.Contains("had already exited.", Log(await daemon.ServicesAsync("stop", name)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_program_is_told()
    {
        await daemon.AddLayerAsync("services: {nope1: {override: replace, command: no-such-program}, nope2: {override: replace, command: /no/such}, nope3: {override: replace, command: sleep 1, working-dir: /no/where}}");

        Assert.Contains("cannot start service: exec: \"no-such-program\": executable file not found in $PATH", Log(await daemon.ServicesAsync("start", "nope1")), StringComparison.Ordinal);
        Assert.Contains("cannot start service: fork/exec /no/such: no such file or directory", Log(await daemon.ServicesAsync("start", "nope2")), StringComparison.Ordinal);
        Assert.Contains("no such file or directory", Log(await daemon.ServicesAsync("start", "nope3")), StringComparison.Ordinal);
        Assert.Equal("inactive", await daemon.StatusAsync("nope1"));
    }

    [Fact]
    public async Task Environment_folder_and_user_are_as_asked()
    {
        await daemon.AddLayerAsync("""
            services:
              env1:
                override: replace
                command: "sh -c 'echo $FOO $HOME $USER $(id -u):$(id -g) $(pwd); exec sleep 1000'"
                environment: {FOO: bar}
                working-dir: /
                user: nobody
            """);

        await daemon.ServicesAsync("start", "env1");

        Assert.Equal("bar /nonexistent nobody 65534:65534 /", Assert.Single(await daemon.LogsAsync("env1")));
        await daemon.ServicesAsync("stop", "env1");
    }

    [Fact]
    public async Task A_group_alone_is_refused()
    {
        await daemon.AddLayerAsync("services: {grp1: {override: replace, command: sleep 1000, group: root}}");

        Assert.Contains("must specify user, not just group", Log(await daemon.ServicesAsync("start", "grp1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ignores_TERM_is_killed_with_its_group()
    {
        await daemon.AddLayerAsync("services: {stubborn: {override: replace, command: \"sh -c 'trap : TERM; sleep 1000 & echo $!; while :; do wait; done'\", kill-delay: 200ms}}");
        await daemon.ServicesAsync("start", "stubborn");
        var child = Assert.Single(await daemon.LogsAsync("stubborn"));

        var change = await daemon.ServicesAsync("stop", "stubborn");

        Assert.Equal("Done", change.GetProperty("status").GetString());
        await TestDaemon.UntilAsync(() => !Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task What_requires_it_stops_first()
    {
        await daemon.AddLayerAsync("services: {needed: {override: replace, command: sleep 1000}, needy: {override: replace, command: sleep 1000, requires: [needed], after: [needed]}}");

        var start = await daemon.ServicesAsync("start", "needy");
        Assert.Equal("Start service \"needy\" and 1 more", start.GetProperty("summary").GetString());
        Assert.Equal("Start service \"needed\"", start.GetProperty("tasks")[0].GetProperty("summary").GetString());

        var stop = await daemon.ServicesAsync("stop", "needed");
        Assert.Equal("Stop service \"needy\"", stop.GetProperty("tasks")[0].GetProperty("summary").GetString());
        Assert.Equal(("inactive", "inactive"), (await daemon.StatusAsync("needy"), await daemon.StatusAsync("needed")));
    }

    [Fact]
    public async Task A_later_task_of_a_failed_lane_is_held()
    {
        await daemon.AddLayerAsync("""
            services:
              bad: {override: replace, command: "false", on-failure: ignore}
              dep: {override: replace, command: sleep 1000, requires: [bad], after: [bad]}
              free: {override: replace, command: sleep 1000}
            """);

        var change = await daemon.ServicesAsync("start", "dep", "free");

        Assert.Equal(["Error", "Hold", "Done"], Statuses(change));
    }

    [Fact]
    public async Task Restart_stops_only_what_was_named()
    {
        await daemon.AddLayerAsync("services: {base2: {override: replace, command: sleep 1000}, top2: {override: replace, command: sleep 1000, requires: [base2], after: [base2]}}");
        await daemon.ServicesAsync("start", "top2");

        var change = await daemon.ServicesAsync("restart", "base2");

        Assert.Equal(["Stop service \"base2\"", "Start service \"base2\""], change.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("summary").GetString()));
    }

    [Fact]
    public async Task A_signal_goes_to_the_process()
    {
        await daemon.AddLayerAsync("services: {sig1: {override: replace, command: \"sh -c 'trap \\\"echo got it\\\" USR1; while :; do sleep 0.01; done'\"}}");
        await daemon.ServicesAsync("start", "sig1");

        Assert.Equal("""{"type":"sync","status-code":200,"status":"OK","result":true}""", (await daemon.PostAsync("/v1/signals", """{"signal":"SIGUSR1","services":["sig1"]}""")).Text);
        await TestDaemon.UntilAsync(async () => (await daemon.LogsAsync("sig1")).Contains("got it"));

        var bad = await daemon.PostAsync("/v1/signals", """{"signal":"USR1","services":["sig1","nosuch"]}""");
        Assert.Equal((500, "cannot send signal to \"sig1\": invalid signal name \"USR1\"; cannot send signal to \"nosuch\": service is not running"), (bad.Status, bad.Message));
        Assert.Equal("must specify one or more services", (await daemon.PostAsync("/v1/signals", """{"signal":"SIGHUP"}""")).Message);
    }

    [Fact]
    public async Task Backoff_starts_it_again_and_start_ends_the_waiting()
    {
        await daemon.AddLayerAsync("services: {flappy: {override: replace, command: \"sh -c 'echo started; sleep 0.05; exit 1'\", backoff-delay: 50ms, backoff-factor: 1}}");
        await daemon.ServicesAsync("start", "flappy");

        await TestDaemon.UntilAsync(async () => (await daemon.LogsAsync("flappy")).Count >= 3);

        var stop = await daemon.ServicesAsync("stop", "flappy");
        Assert.Equal("Done", stop.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_start_in_backoff_starts_at_once()
    {
        await daemon.AddLayerAsync("services: {slowback: {override: replace, command: \"sh -c 'exit 1'\", backoff-delay: 1h}}");
        await daemon.ServicesAsync("start", "slowback");
        await daemon.UntilStatusAsync("slowback", "backoff");
        await daemon.AddLayerAsync("services: {slowback: {override: merge, command: sleep 1000}}");

        Assert.Equal("Done", (await daemon.ServicesAsync("start", "slowback")).GetProperty("status").GetString());
        Assert.Equal("active", await daemon.StatusAsync("slowback"));
    }

    [Theory]
    [InlineData("""{"action":"start","services":[]}""", "must specify services for start action")]
    [InlineData("""{"action":"dance","services":["x"]}""", "invalid action \"dance\"")]
    [InlineData("""{"action":"replan","services":["x"]}""", "replan accepts no service names")]
    [InlineData("""{"action":"start","services":["no-such"]}""", "cannot start services: service \"no-such\" does not exist")]
    [InlineData("""{"action":"start","services":"x"}""", "cannot decode data from request body: json: cannot unmarshal string into Go struct field .services of type []string")]
    [InlineData("", "cannot decode data from request body: EOF")]
    public async Task A_wrong_request_is_refused(string body, string message)
    {
        var answer = await daemon.PostAsync("/v1/services", body);

        Assert.Equal((400, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Single_services_are_not_implemented()
    {
        Assert.Equal((400, "not implemented"), ((await daemon.GetAsync("/v1/services/x")).Status, (await daemon.PostAsync("/v1/services/x", "{}")).Message));
    }

    [Fact]
    public async Task Names_take_commas_and_repetition_and_unknown_ones_are_left_out()
    {
        await daemon.AddLayerAsync("services: {n1: {override: replace, command: x}, n2: {override: replace, command: x}, n3: {override: replace, command: x, startup: foo}}");

        var answer = await daemon.GetAsync("/v1/services?names=n3,n1&names=n2,unknown");

        Assert.Equal(["n1", "n2", "n3"], answer.Result.EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        Assert.Equal("disabled", answer.Result[2].GetProperty("startup").GetString());
    }

    [Fact]
    public async Task An_aborted_start_is_killed_at_once()
    {
        await daemon.AddLayerAsync("services: {ab1: {override: replace, command: sleep 1000}, ab2: {override: replace, command: sleep 1000, requires: [ab1], after: [ab1]}}");
        var started = await daemon.PostAsync("/v1/services", """{"action":"start","services":["ab2"]}""");
        await TestDaemon.UntilAsync(async () => (await daemon.GetAsync("/v1/changes/" + started.Change)).Result.GetProperty("status").GetString() == "Doing");
        await daemon.UntilStatusAsync("ab1", "active");

        var aborted = await daemon.PostAsync("/v1/changes/" + started.Change, """{"action":"abort"}""");

        Assert.Equal(("Abort", false), (aborted.Result.GetProperty("status").GetString(), aborted.Result.GetProperty("ready").GetBoolean()));
        var change = await daemon.WaitAsync(started.Change!);
        Assert.Equal(["Error", "Hold"], Statuses(change));
        Assert.Contains("start aborted, sent SIGKILL to process", change.GetProperty("err").GetString(), StringComparison.Ordinal);
        Assert.Equal((400, $"cannot abort change {started.Change} with nothing pending"),
            ((await daemon.PostAsync("/v1/changes/" + started.Change, """{"action":"abort"}""")).Status, (await daemon.PostAsync("/v1/changes/" + started.Change, """{"action":"abort"}""")).Message));
    }
}
