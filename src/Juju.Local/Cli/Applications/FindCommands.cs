using System.Text.Json.Nodes;
using Juju.Local.Charms;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Applications;

/// <summary>What <c>find</c> and <c>info</c> show of Charmhub, of the built-in charms.</summary>
static class FindCommands
{
    public static Command Find => new("find", "[<query>]", "Lists the built-in charms that can be deployed by their names.", RunFindAsync)
    {
        Scope = Scope.None,
        Flags = [.. OutputFlags.Of("tabular|json|yaml")],
    };

    public static Command Info => new("info", "<charm>", "Displays information about a built-in charm.", RunInfoAsync)
    {
        Scope = Scope.None,
        Flags = [Flag.Switch("config", "Display config for this charm"), .. OutputFlags.Of("yaml|json")],
    };

    static Task<int> RunFindAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        var format = invocation.Format("tabular", "json", "yaml");
        var query = invocation.Arguments is [var given] ? given : "";
        var charms = new BuiltInCharms(invocation.Terminal).List()
            .Where(charm => charm.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
            .Select(charm => CharmReader.Read(charm.Path))
            .ToList();
        if (format != "tabular")
        {
            invocation.Write(
                new JsonArray([.. charms.Select(charm => (JsonNode)new JsonObject { ["type"] = "charm", ["name"] = charm.Name, ["summary"] = charm.Summary })]),
                format);
            return Task.FromResult(0);
        }

        var table = new Table("Name", "Bundle", "Base", "Summary");
        foreach (var charm in charms)
        {
            table.Add(charm.Name, "-", charm.Base, charm.Summary);
        }

        invocation.Print(table);
        return Task.FromResult(0);
    }

    static Task<int> RunInfoAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Only("expected a charm name");
        var format = invocation.Format("yaml", "json");
        var charm = CharmReader.Read(new BuiltInCharms(invocation.Terminal).Find(name));
        var node = new JsonObject { ["type"] = "charm", ["name"] = charm.Name }
            .With("summary", charm.Summary)
            .With("description", charm.Description)
            .With("base", charm.Base)
            .With("relations", new JsonObject()
                .With("provides", Endpoints(charm, EndpointRole.Provider))
                .With("requires", Endpoints(charm, EndpointRole.Requirer)));
        if (invocation.Line.Has("config"))
        {
            var options = new JsonObject();
            foreach (var option in charm.Options.Values)
            {
                var fields = new JsonObject { ["type"] = option.Type };
                options[option.Name] = fields.With("description", option.Description).With("default", option.Default?.DeepClone());
            }

            node["config"] = options;
        }

        invocation.Write(node, format);
        return Task.FromResult(0);
    }

    static JsonObject Endpoints(CharmDefinition charm, EndpointRole role)
    {
        var map = new JsonObject();
        foreach (var endpoint in charm.Endpoints.Values.Where(endpoint => endpoint.Role == role))
        {
            map[endpoint.Name] = endpoint.Interface;
        }

        return map;
    }
}
