using Juju.Local.Api;
using Juju.Local.Tests.Controllers;

namespace Juju.Local.Tests.Relations;

public sealed class RelationTests(LocalController controller) : IClassFixture<LocalController>
{
    [Fact]
    public async Task Of_units_that_leave_together_each_can_be_read_until_its_departure_is_told()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("client", "requires: {site: {interface: http}}", on: ("site-relation-joined", "relation-set who=$JUJU_UNIT_NAME")), units: 3);
        await model.DeployAsync(model.WriteCharm("server", "provides: {web: {interface: http}}", on:
            ("web-relation-departed", "sleep 0.3; for unit in $(relation-list); do relation-get who $unit || exit 1; done; juju-log \"LAST $(relation-get who)\"")));
        await model.IntegrateAsync("server", "client");
        await model.EventsAsync("server/0", events => events.Count(item => item.StartsWith("web-relation-changed unit=client/", StringComparison.Ordinal)) >= 3);
        await model.SettleAsync();

        await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, "client", [], 2, true, false), default);
        await model.WaitAsync(status => status.Applications["client"].Units.Count == 1);
        await model.SettleAsync();

        var lines = await model.LinesAsync("server/0");
        Assert.DoesNotContain(lines, line => line.Contains("failed", StringComparison.Ordinal));
        Assert.Equal(["client/1", "client/2"], lines.Where(line => line.Contains("LAST client/", StringComparison.Ordinal)).Select(line => line[^8..]).Order());
    }

    [Fact]
    public async Task The_others_are_told_of_a_departure_while_the_leaving_unit_still_runs_its_own_hooks()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("database", "peers: {members: {interface: members}}", on:
            ("members-relation-departed", "[ $JUJU_DEPARTING_UNIT != $JUJU_UNIT_NAME ] || { sleep 2; juju-log \"HANDED OVER\"; }")), units: 2);
        await model.EventsAsync("database/0", events => events.Contains("members-relation-changed unit=database/1"));
        await model.SettleAsync();

        await model.Client.ScaleAsync(new ScaleRequest(model.Name, "database", 1), default);
        await model.WaitAsync(status => status.Applications["database"].Units.Count == 1);

        var lines = (await model.LinesAsync(null)).ToList();
        var told = lines.FindIndex(line => line.EndsWith("EVENT members-relation-departed unit=database/1 departing=database/1", StringComparison.Ordinal));
        Assert.InRange(told, 0, lines.FindIndex(line => line.EndsWith("HANDED OVER", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Data_crosses_a_relation_in_both_directions_and_departs_with_it()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("server", "provides: {web: {interface: http}}", on:
        [
            ("web-relation-created", "relation-set port=80; relation-set --app name=one"),
            ("web-relation-changed", "status-set active \"$(relation-get who)\""),
            ("web-relation-departed", "juju-log \"LAST $(relation-get who) $(relation-list)\""),
        ]));
        await model.DeployAsync(model.WriteCharm("client", "requires: {site: {interface: http}}", on:
        [
            ("site-relation-created", "relation-set who=$JUJU_UNIT_NAME"),
            ("site-relation-changed", "status-set active \"$(relation-get --app name server) $(relation-get port server/0)\""),
            ("site-relation-broken", "status-set blocked gone"),
        ]));
        await model.SettleAsync();

        await model.IntegrateAsync("server", "client");
        await model.WaitAsync(status => status.Applications["client"].Units[0].Workload.Message == "one 80"
            && status.Applications["server"].Units[0].Workload.Message == "client/0");
        await model.SettleAsync();
        await model.Client.RemoveRelationAsync(new RemoveRelationRequest(model.Name, "client", "server:web", false), default);
        await model.WaitAsync(status => status.Relations.Count == 0 && status.Applications["client"].Units[0].Workload.Message == "gone");
        await model.SettleAsync();

        Assert.Equal(
            ["web-relation-created", "web-relation-joined unit=client/0", "web-relation-changed unit=client/0",
                "web-relation-departed unit=client/0 departing=client/0", "web-relation-broken"],
            (await model.EventsAsync("server/0")).Where(item => item.StartsWith("web-", StringComparison.Ordinal)));
        Assert.Equal(
            ["site-relation-created", "site-relation-changed", "site-relation-joined unit=server/0", "site-relation-changed unit=server/0",
                "site-relation-departed unit=server/0 departing=server/0", "site-relation-broken"],
            (await model.EventsAsync("client/0")).Where(item => item.StartsWith("site-", StringComparison.Ordinal)));
        Assert.Contains(await model.LinesAsync("server/0"), line => line.EndsWith("LAST client/0 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_leaving_unit_is_told_that_it_is_the_one_that_departs()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("server", "provides: {web: {interface: http}}"));
        await model.DeployAsync(model.WriteCharm("client", "requires: {site: {interface: http}}"), units: 2);
        await model.IntegrateAsync("server", "client");
        await model.EventsAsync("server/0", events => events.Count(item => item.StartsWith("web-relation-changed", StringComparison.Ordinal)) == 2);
        await model.SettleAsync();

        await model.Client.RemoveUnitsAsync(new RemoveUnitsRequest(model.Name, "client", [], 1, false, false), default);
        await model.WaitAsync(status => status.Applications["client"].Units.Count == 1);

        Assert.Contains("site-relation-departed unit=server/0 departing=client/1", await model.EventsAsync("client/1"));
        Assert.Contains("site-relation-broken", await model.EventsAsync("client/1"));
        await model.EventsAsync("server/0", events => events.Contains("web-relation-departed unit=client/1 departing=client/1"));
    }

    [Fact]
    public async Task A_relation_is_refused_with_the_reason()
    {
        var model = await controller.AddModelAsync();
        await model.DeployAsync(model.WriteCharm("server", "provides: {web: {interface: http, limit: 1}}"));
        await model.DeployAsync(model.WriteCharm("client", "requires: {site: {interface: http}}"));
        await model.DeployAsync(model.WriteCharm("other", "requires: {db: {interface: sql}}"));
        await model.IntegrateAsync("server", "client");

        Task<ControllerException> Refuse(string first, string second) =>
            Assert.ThrowsAsync<ControllerException>(() => model.IntegrateAsync(first, second));

        Assert.StartsWith("cannot add relation \"client:site server:web\": relation client:site server:web already exists", (await Refuse("server", "client")).Message);
        Assert.Equal("application \"nobody\" not found", (await Refuse("server", "nobody")).Message);
        Assert.Contains("no relations found", (await Refuse("server:web", "other:db")).Message);
    }
}
