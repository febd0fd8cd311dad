using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Units;

public sealed class LifeTests(LocalController controller) : IClassFixture<LocalController>
{
    [Fact]
    public async Task A_leader_and_its_peer_are_told_everything_in_order()
    {
        var model = await controller.AddModelAsync();

        await model.DeployAsync(model.WriteCharm("app", "peers: {friends: {interface: friends}}\nstorage: {data: {type: filesystem}}"), units: 2);
        await model.EventsAsync("app/0", events => events.Contains("friends-relation-changed unit=app/1"));
        await model.EventsAsync("app/1", events => events.Contains("friends-relation-changed unit=app/0"));
        await model.SettleAsync();

        Assert.Equal(
            ["install", "friends-relation-created", "leader-elected", "config-changed", "start", "data-storage-attached",
                "friends-relation-joined unit=app/1", "friends-relation-changed unit=app/1"],
            await model.EventsAsync("app/0"));
        Assert.Equal(
            ["install", "friends-relation-created", "config-changed", "start", "data-storage-attached",
                "friends-relation-joined unit=app/0", "friends-relation-changed unit=app/0"],
            await model.EventsAsync("app/1"));
    }

    [Fact]
    public async Task A_config_change_is_told_once_and_the_same_value_not_at_all()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", "options: {name: {type: string, default: a}}", on: ("config-changed", "status-set active $(config-get name)")));
        await model.SettleAsync();

        await model.Client.SetConfigAsync(new SetConfigRequest(model.Name, "app", new Dictionary<string, string> { ["name"] = "b" }, []), default);
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "b");
        await model.SettleAsync();
        var again = await model.Client.SetConfigAsync(new SetConfigRequest(model.Name, "app", new Dictionary<string, string> { ["name"] = "b" }, []), default);
        await model.SettleAsync();

        Assert.Equal(2, (await model.EventsAsync("app/0")).Count(item => item == "config-changed"));
        Assert.Equal(["the configuration setting \"name\" already has the value \"b\""], again.Warnings);
    }

    [Fact]
    public async Task A_failed_hook_shows_keeps_nothing_and_is_tried_again_when_resolved()
    {
        var model = await controller.AddModelAsync();
        var charm = model.WriteCharm("app", "", "options: {ok: {type: boolean, default: true}}", on:
            ("config-changed", "state-set tried=$(config-get ok); open-port 80; status-set waiting why; [ $(config-get ok) = True ]"));
        await model.DeployAsync(charm);
        await model.SettleAsync();

        await model.Client.SetConfigAsync(new SetConfigRequest(model.Name, "app", new Dictionary<string, string> { ["ok"] = "false" }, []), default);
        var broken = await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Current == "error");
        await model.Client.ResolveAsync(new ResolveRequest(model.Name, ["app/0"], false, Retry: false), default);
        await model.SettleAsync();

        Assert.Equal("hook failed: \"config-changed\"", broken.Applications["app"].Units[0].Workload.Message);
        Assert.Equal("idle", broken.Applications["app"].Units[0].Agent.Current);
        Assert.Equal("True\n", (await model.ExecAsync("app/0", "state-get tried")).Output);
        Assert.Equal("waiting", (await model.UnitAsync("app/0")).Workload.Current);
        var refused = await Assert.ThrowsAsync<ControllerException>(() =>
            model.Client.ResolveAsync(new ResolveRequest(model.Name, ["app/0"], false, Retry: true), default));
        Assert.Equal("unit \"app/0\" is not in an error state", refused.Message);
    }

    [Fact]
    public async Task An_upgrade_goes_from_the_highest_unit_to_the_lowest()
    {
        var model = await controller.AddModelAsync();
        var charm = model.WriteCharm("app", "", on: ("start", "status-set active one"));
        await model.DeployAsync(charm, units: 2);
        await model.SettleAsync();

        File.WriteAllText(Path.Combine(charm, "on/start"), "status-set active two\n");
        var result = await model.Client.RefreshAsync(new RefreshRequest { Model = model.Name, Application = "app", Path = charm, Origin = "local" }, default);
        await model.WaitAsync(status => status.Applications["app"].Units.All(unit => unit.Workload.Message == "two"));
        await model.SettleAsync();

        Assert.Equal("local:app-1", result.CharmUrl);
        Assert.Equal(["stop", "upgrade-charm", "config-changed", "start"], (await model.EventsAsync("app/0")).TakeLast(4));
        var all = await model.LinesAsync(null);
        Assert.Equal(2, all.Count(line => line.EndsWith("EVENT upgrade-charm", StringComparison.Ordinal)));
        var page = await model.Client.LogsAsync(new LogsRequest { Model = model.Name }, default);
        Assert.Equal(
            ["unit-app-1", "unit-app-0"],
            page.Lines.Where(line => line.Message == "EVENT upgrade-charm").Select(line => line.Entity));
    }

    [Fact]
    public async Task A_refresh_while_the_charm_installs_is_an_upgrade_afterwards()
    {
        var model = await controller.AddModelAsync();
        var charm = model.WriteCharm("app", "", on: [("install", "sleep 1"), ("start", "status-set active one")]);
        await model.DeployAsync(charm);
        await model.EventsAsync("app/0", events => events.Contains("install"));

        File.WriteAllText(Path.Combine(charm, "on/start"), "status-set active two\n");
        await model.Client.RefreshAsync(new RefreshRequest { Model = model.Name, Application = "app", Path = charm, Origin = "local" }, default);
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "two");
        await model.SettleAsync();

        Assert.Equal(["install", "leader-elected", "upgrade-charm", "config-changed", "start"], await model.EventsAsync("app/0"));
    }

    [Fact]
    public async Task A_failed_hook_is_tried_again_by_itself()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", on: ("start", "[ -e /tmp/tried ] || { touch /tmp/tried; exit 1; }; status-set active through")));

        var broken = await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Current == "error");
        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Message == "through");

        Assert.Equal("hook failed: \"start\"", broken.Applications["app"].Units[0].Workload.Message);
        Assert.Equal(2, (await model.EventsAsync("app/0")).Count(item => item == "start"));
    }

    [Fact]
    public async Task Removal_by_force_does_not_wait_for_a_hook_that_hangs()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", on: ("start", "sleep 1000")), units: 2);
        await model.EventsAsync("app/1", events => events.Contains("start"));

        await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, null, ["app/1"], 0, true, Force: true), default);

        await model.WaitAsync(status => status.Applications["app"].Units.Count == 1);
    }

    [Fact]
    public async Task A_killed_hook_runs_again_and_keeps_nothing_of_its_first_run()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "", on:
            ("start", "if [ -e /tmp/tried ]; then status-set active \"$(state-get run)\"; else touch /tmp/tried; state-set run=first; status-set waiting; kill -KILL $$; fi")));

        await model.WaitAsync(status => status.Applications["app"].Units[0].Workload.Current == "active");
        await model.SettleAsync();

        Assert.Equal("", (await model.UnitAsync("app/0")).Workload.Message);
        Assert.Equal(2, (await model.EventsAsync("app/0")).Count(item => item == "start"));
    }

    [Fact]
    public async Task Scaling_down_takes_the_highest_unit_and_a_new_one_gets_its_storage_back()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", "storage: {data: {type: filesystem}}"), units: 2);
        await model.SettleAsync();
        await model.ExecAsync("app/1", "echo kept > $(storage-get -s data/1 location)/file");

        var removed = await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, "app", [], 1, false, false), default);
        await model.WaitAsync(status => status.Applications["app"].Units.Count == 1);
        await model.Client.AddUnitsAsync(new AddUnitsRequest(model.Name, "app", 1), default);
        await model.WaitAsync(status => status.Applications["app"].Units.Count == 2);
        await model.SettleAsync();

        Assert.Equal(["app/1"], removed.Units);
        Assert.Contains("data-storage-detaching", await model.EventsAsync("app/1"));
        Assert.Equal(["stop", "remove"], (await model.EventsAsync("app/1")).Where(item => item is "stop" or "remove"));
        Assert.Equal("kept\n", (await model.ExecAsync("app/1", "cat $(storage-get -s data/1 location)/file")).Output);
    }

    [Fact]
    public async Task When_the_leader_is_removed_the_next_unit_is_elected()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("app", ""), units: 2);
        await model.SettleAsync();

        await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, null, ["app/0"], 0, false, false), default);

        await model.EventsAsync("app/1", events => events.Contains("leader-elected"));
        Assert.Equal("True\n", (await model.ExecAsync("app/1", "is-leader")).Output);
    }
}
