using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

static class ShowUnitCommand
{
    public static Command Command => new("show-unit", "<unit name> [...]", "Display information about a unit and its relation data.", RunAsync)
    {
        Flags =
        [
            Flag.Switch("app", "Only show application relation data"),
            Flag.Value("endpoint", "name", "Only show relation data for the specified endpoint"),
            Flag.Value("related-unit", "unit", "Only show relation data for the specified unit"),
            .. OutputFlags.Of("yaml|json|smart"),
        ],
        Examples = ["show-unit discourse-k8s/0", "show-unit discourse-k8s/0 --endpoint database --format json"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("an unit name must be supplied");
        }

        var format = invocation.Format("yaml", "json", "smart");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var document = new JsonObject();
        foreach (var name in invocation.Arguments)
        {
            var unit = await controller.GetUnitAsync(new(model, name), cancellation);
            document[unit.Unit.Name] = Describe(unit, invocation.Line);
        }

        invocation.Write(document, format);
        return 0;
    }

    static JsonObject Describe(UnitRelations found, CommandLine line)
    {
        var unit = found.Unit;
        return new JsonObject()
            .With("workload-version", unit.WorkloadVersion)
            .With("opened-ports", (string?)null)
            .Always("opened-ports", Documents.List(unit.Ports))
            .Always("charm", found.CharmUrl)
            .Always("leader", unit.Leader)
            .Always("life", unit.Life)
            .With("relation-info", Relations(found, line))
            .With("provider-id", unit.ProviderId)
            .With("address", unit.Address);
    }

    static JsonObject Always(this JsonObject map, string key, JsonNode value)
    {
        map[key] = value;
        return map;
    }

    static JsonArray Relations(UnitRelations found, CommandLine line)
    {
        var list = new JsonArray();
        foreach (var relation in found.Relations.OrderBy(relation => relation.Id))
        {
            if (line.Text("endpoint") is { } endpoint && endpoint != relation.Endpoint)
            {
                continue;
            }

            var node = new JsonObject
            {
                ["relation-id"] = relation.Id,
                ["endpoint"] = relation.Endpoint,
                ["related-endpoint"] = relation.RelatedEndpoint,
                ["application-data"] = Documents.Map(relation.ApplicationData),
            };
            if (!line.Has("app"))
            {
                node["local-unit"] = Data(relation.Local);
                node.With("related-units", Remote(relation, line.Text("related-unit")));
            }

            list.Add((JsonNode)node);
        }

        return list;
    }

    static JsonObject Remote(UnitRelation relation, string? only)
    {
        var units = new JsonObject();
        foreach (var (name, data) in relation.Remote.OrderBy(item => item.Key, NaturalOrder.Instance))
        {
            if (only is null || only == name)
            {
                units[name] = Data(data);
            }
        }

        return units;
    }

    static JsonObject Data(RelationUnit unit) => new() { ["in-scope"] = unit.InScope, ["data"] = Documents.Map(unit.Data) };
}
