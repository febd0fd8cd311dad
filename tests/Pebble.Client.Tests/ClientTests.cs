using Pebble.Tests;

namespace Pebble.Client.Tests;

public sealed class ClientTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_socket_is_a_connection_error_that_names_it()
    {
        using var client = new PebbleClient("/nowhere/pebble.socket");

        var error = await Assert.ThrowsAsync<PebbleConnectionException>(() => client.GetSystemInfoAsync(Cancel));

        Assert.Equal("/nowhere/pebble.socket", error.SocketPath);
        Assert.Contains("/nowhere/pebble.socket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_was_restarted_is_reached_again()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        var first = await client.GetSystemInfoAsync(Cancel);

        await daemon.TerminateAsync();
        await daemon.StartAsync("--hold");
        var second = await client.GetSystemInfoAsync(Cancel);

        Assert.Equal("v1.32.1", first.Version);
        Assert.Equal(first.Version, second.Version);
    }

    [Fact]
    public async Task Many_callers_share_a_client()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.NotifyAsync($"example.com/k{i}", null, null, Cancel)));

        Assert.Equal(50, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_layer_comes_back_in_the_plan_as_it_was_given()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);
        var web = new Service
        {
            Override = "replace",
            Command = "sleep 10",
            Startup = "enabled",
            Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "x: y\n#z" },
            BackoffDelay = TimeSpan.FromMilliseconds(1500),
            KillDelay = TimeSpan.FromMinutes(1),
        };
        var up = new Check { Override = "replace", Level = "alive", Http = new HttpCheck("http://localhost/"), Period = TimeSpan.FromHours(1) };

        await client.AddLayerAsync("mine", new Layer
        {
            Services = new Dictionary<string, Service> { ["web"] = web },
            Checks = new Dictionary<string, Check> { ["up"] = up },
            LogTargets = new Dictionary<string, LogTarget>
            {
                ["t"] = new() { Override = "merge", Type = "loki", Location = "http://localhost:1/", Services = ["all", "-web"] },
            },
        }, combine: false, Cancel);
        var plan = await client.GetPlanAsync(Cancel);

        var back = plan.Services["web"];
        Assert.Equal(web.Environment, back.Environment);
        Assert.Equal(web.BackoffDelay, back.BackoffDelay);
        Assert.Equal(web.KillDelay, back.KillDelay);
        Assert.Equal("sleep 10", back.Command);
        Assert.Equal(up with { Threshold = 3 }, plan.Checks["up"]);
        Assert.Equal(["all", "-web"], plan.LogTargets["t"].Services);
    }

    [Fact]
    public async Task A_refused_layer_says_why()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        var error = await Assert.ThrowsAsync<PebbleApiException>(() =>
            client.AddLayerAsync("x", "services: {a: {override: replace}}", combine: false, Cancel));

        Assert.Equal(400, error.Code);
        Assert.Contains("must define \"command\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_start_and_stop()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {web: {override: replace, command: sleep 100}}");
        using var client = new PebbleClient(daemon.SocketPath);

        var change = await client.StartServicesAsync(["web"], Patience, Cancel);
        var running = await client.FindServiceAsync("web", Cancel);
        await client.StopServicesAsync(["web"], Patience, Cancel);
        var stopped = await client.FindServiceAsync("web", Cancel);

        Assert.Equal("Done", change.Status);
        Assert.Equal("Start service \"web\"", Assert.Single(change.Tasks).Summary);
        Assert.True(running!.IsRunning);
        Assert.NotNull(running.CurrentSince);
        Assert.Equal(ServiceStatus.Inactive, stopped!.Current);
        Assert.Null(await client.FindServiceAsync("nope", Cancel));
    }

    [Fact]
    public async Task A_service_that_exits_at_once_fails_with_its_last_lines()
    {
        await using var daemon = await TestDaemon.StartNewAsync(
            "services: {bad: {override: replace, command: sh -c 'echo out of luck; exit 3', on-failure: ignore}}");
        using var client = new PebbleClient(daemon.SocketPath);

        var error = await Assert.ThrowsAsync<ChangeException>(() => client.StartServicesAsync(["bad"], Patience, Cancel));

        Assert.Contains("exited quickly with code 3", error.Error, StringComparison.Ordinal);
        Assert.Contains("out of luck", error.Message, StringComparison.Ordinal);
        Assert.Equal("Error", error.Change.Status);
    }

    [Fact]
    public async Task Waiting_for_a_change_ends_with_the_timeout_not_with_the_change()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {web: {override: replace, command: sleep 100}}");
        using var client = new PebbleClient(daemon.SocketPath);
        var id = await client.BeginAsync(ServiceAction.Start, ["web"], Cancel);

        await Assert.ThrowsAsync<PebbleTimeoutException>(() => client.WaitChangeAsync(id, TimeSpan.FromMilliseconds(50), Cancel));
        var change = await client.FinishChangeAsync(id, null, Cancel);

        Assert.True(change.Ready);
    }

    [Fact]
    public async Task Checks_are_listed_stopped_and_refreshed()
    {
        await using var daemon = await TestDaemon.StartNewAsync(
            "checks: {good: {override: replace, level: ready, exec: {command: 'true'}}, bad: {override: replace, exec: {command: sh -c 'echo no; exit 2'}}}");
        using var client = new PebbleClient(daemon.SocketPath);

        var ready = await client.ListChecksAsync(CheckLevel.Ready, [], Cancel);
        var refreshed = await client.RefreshCheckAsync("bad", Cancel);
        var stopped = await client.StopChecksAsync(["good"], Cancel);
        var again = await client.StopChecksAsync(["good"], Cancel);

        Assert.Equal("good", Assert.Single(ready).Name);
        Assert.Contains("exit status 2; no", refreshed.Error, StringComparison.Ordinal);
        Assert.Equal(["good"], stopped);
        Assert.Empty(again);
        Assert.Equal(CheckStatus.Inactive, (await client.FindCheckAsync("good", Cancel))!.Status);
        Assert.True(await client.IsHealthyAsync(CheckLevel.None, [], Cancel));
    }

    [Fact]
    public async Task Notices_are_recorded_and_awaited()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        var waiting = client.ListNoticesAsync(new NoticesQuery { Keys = ["example.com/late"], Timeout = Patience }, Cancel);
        var id = await client.NotifyAsync("example.com/late", new Dictionary<string, string> { ["k"] = "v" }, TimeSpan.FromHours(1), Cancel);
        var notice = Assert.Single(await waiting);

        Assert.Equal(id, notice.Id);
        Assert.Equal("v", notice.LastData!["k"].GetString());
        Assert.Equal("1h0m0s", notice.RepeatAfter);
        Assert.Equal(notice.LastRepeated, (await client.GetNoticeAsync(id, Cancel)).LastRepeated);
        Assert.Empty(await client.ListNoticesAsync(new NoticesQuery { Types = ["custom"], After = notice.LastRepeated }, Cancel));
    }

    [Fact]
    public async Task Identities_are_replaced_and_removed()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var client = new PebbleClient(daemon.SocketPath);

        await client.ReplaceIdentitiesAsync(
            new Dictionary<string, Identity?> { ["al"] = new() { Access = IdentityAccess.Read, Local = new(4711) } }, Cancel);
        var listed = await client.ListIdentitiesAsync(Cancel);
        await client.RemoveIdentitiesAsync(["al"], Cancel);

        Assert.Equal(4711u, listed["al"].Local!.UserId);
        Assert.Empty(await client.ListIdentitiesAsync(Cancel));
        await Assert.ThrowsAsync<PebbleApiException>(() => client.RemoveIdentitiesAsync(["al"], Cancel));
    }

    [Fact]
    public async Task Logs_are_read_and_followed()
    {
        await using var daemon = await TestDaemon.StartNewAsync(
            """services: {talk: {override: replace, command: "sh -c \"echo one; echo 'two <&>'; sleep 100\""}}""");
        using var client = new PebbleClient(daemon.SocketPath);
        await client.StartServicesAsync(["talk"], Patience, Cancel);

        var last = await client.ReadLogsAsync(["talk"], 1, Cancel).ToListAsync(Cancel);
        await using var followed = client.FollowLogsAsync(["talk"], 2, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await followed.MoveNextAsync());

        Assert.Equal("two <&>", Assert.Single(last).Message);
        Assert.Equal("one", followed.Current.Message);
    }
}
