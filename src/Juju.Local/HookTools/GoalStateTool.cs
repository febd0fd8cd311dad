using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

/// <summary>The units and relations that there will be when all has settled.</summary>
static class GoalStateTool
{
    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        var state = context.Model.State;
        var relations = new JsonObject();
        foreach (var relation in state.RelationsOf(context.Application))
        {
            var endpoint = relation.SideOf(context.Application).Endpoint;
            var remote = relation.OtherSide(context.Application).Application;
            if (relations[endpoint] is not JsonObject entries)
            {
                relations[endpoint] = entries = [];
            }

            if (state.Applications.TryGetValue(remote, out var application) && !relation.IsPeer)
            {
                entries[remote] = Status(relation.Life == Life.Alive ? "joined" : "dying", application.Created);
            }

            AddUnits(entries, state.UnitsOf(remote).Where(unit => unit.Name != context.Unit));
        }

        var units = new JsonObject();
        AddUnits(units, state.UnitsOf(context.Application));
        return new JsonObject { ["units"] = units, ["relations"] = relations };
    }

    static void AddUnits(JsonObject entries, IEnumerable<UnitRecord> units)
    {
        foreach (var unit in units)
        {
            entries[unit.Name] = Status(unit.Life == Life.Alive ? unit.Workload.Current : "dying", unit.Workload.Since);
        }
    }

    static JsonObject Status(string status, DateTimeOffset since) => new()
    {
        ["status"] = status,
        ["since"] = since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}
