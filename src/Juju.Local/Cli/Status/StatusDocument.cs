using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

/// <summary>
/// The status as a tree for JSON and YAML, in the keys that jubilant and other readers look for; empty parts are left out.
/// </summary>
sealed class StatusDocument(TimeZoneInfo? zone)
{
    public JsonObject Make(ModelStatus status)
    {
        var model = status.Model;
        var document = new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["name"] = model.Name,
                ["type"] = model.Type,
                ["controller"] = model.ControllerName,
                ["cloud"] = model.Cloud,
                ["region"] = model.Region,
                ["version"] = model.AgentVersion,
                ["model-status"] = Status(model.Status),
                ["sla"] = "unsupported",
            },
            ["machines"] = new JsonObject(),
            ["applications"] = Applications(status),
        };
        return document
            .With("storage", Storage(status))
            .With("controller", new JsonObject { ["timestamp"] = StatusTimes.Clock(zone, status.Timestamp) });
    }

    JsonObject Applications(ModelStatus status)
    {
        var applications = new JsonObject();
        foreach (var name in status.Applications.Keys.Order(StringComparer.Ordinal))
        {
            applications[name] = Application(status.Applications[name], status.Relations);
        }

        return applications;
    }

    JsonObject Application(ApplicationDetails application, IReadOnlyList<RelationDetails> relations)
    {
        var at = application.Base.Split('@', 2);
        var node = new JsonObject
        {
            ["charm"] = application.CharmUrl,
            ["charm-origin"] = application.Origin,
            ["charm-name"] = application.CharmName,
            ["charm-rev"] = application.Revision,
        };
        node.With("charm-channel", application.Channel);
        node["base"] = new JsonObject { ["name"] = at[0], ["channel"] = at.Length > 1 ? at[1] : "" };
        node["scale"] = application.Scale;
        node.With("provider-id", application.ProviderId).With("address", application.Address);
        node["exposed"] = application.Exposed;
        return node
            .With("life", application.Life == "alive" ? "" : application.Life)
            .With("application-status", Status(application.Status))
            .With("relations", Relations(application.Name, relations))
            .With("version", application.WorkloadVersion)
            .With("units", Units(application))
            .With("endpoint-bindings", Bindings(application));
    }

    static JsonObject Bindings(ApplicationDetails application)
    {
        var bindings = new JsonObject { [""] = "alpha" };
        foreach (var endpoint in application.Endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal))
        {
            bindings[endpoint.Name] = "alpha";
        }

        return bindings;
    }

    static JsonObject Relations(string application, IReadOnlyList<RelationDetails> relations)
    {
        var byEndpoint = new SortedDictionary<string, JsonArray>(StringComparer.Ordinal);
        foreach (var relation in relations.OrderBy(relation => relation.Key, StringComparer.Ordinal))
        {
            foreach (var own in relation.Endpoints.Where(end => end.Application == application))
            {
                var other = relation.Endpoints.FirstOrDefault(end => end != own) ?? own;
                if (!byEndpoint.TryGetValue(own.Endpoint, out var list))
                {
                    byEndpoint[own.Endpoint] = list = [];
                }

                list.Add((JsonNode)new JsonObject
                {
                    ["related-application"] = other.Application,
                    ["interface"] = relation.Interface,
                    ["scope"] = relation.Scope,
                });
            }
        }

        var map = new JsonObject();
        foreach (var (endpoint, list) in byEndpoint)
        {
            map[endpoint] = list;
        }

        return map;
    }

    JsonObject Units(ApplicationDetails application)
    {
        var units = new JsonObject();
        foreach (var unit in application.Units.OrderBy(unit => unit.Name, NaturalOrder.Instance))
        {
            units[unit.Name] = Unit(unit);
        }

        return units;
    }

    JsonObject Unit(UnitDetails unit)
    {
        var agent = Status(unit.Agent);
        agent["version"] = JujuVersion.Current;
        return new JsonObject { ["workload-status"] = Status(unit.Workload), ["juju-status"] = agent }
            .WithFlag("leader", unit.Leader)
            .With("upgrading-from", unit.UpgradingFrom)
            .With("open-ports", Documents.List(unit.Ports))
            .With("address", unit.Address)
            .With("provider-id", unit.ProviderId)
            .With("life", unit.Life == "alive" ? "" : unit.Life);
    }

    JsonObject Storage(ModelStatus status)
    {
        if (status.Storage.Count == 0)
        {
            return [];
        }

        var (instances, filesystems) = (new JsonObject(), new JsonObject());
        foreach (var (number, storage) in status.Storage.OrderBy(storage => storage.Id, NaturalOrder.Instance).Index())
        {
            instances[storage.Id] = Instance(storage);
            filesystems[$"{number}"] = Filesystem(storage);
        }

        return new JsonObject { ["storage"] = instances, ["filesystems"] = filesystems };
    }

    JsonObject Instance(StorageDetails storage)
    {
        var node = new JsonObject
        {
            ["kind"] = storage.Kind,
            ["life"] = storage.Life,
            ["status"] = new JsonObject { ["current"] = storage.Status, ["since"] = StatusTimes.Since(zone, storage.Since) },
            ["persistent"] = false,
        };
        return storage.Unit is { } unit
            ? node.With("attachments", new JsonObject
            {
                ["units"] = new JsonObject { [unit] = new JsonObject { ["location"] = storage.Location, ["life"] = storage.Life } },
            })
            : node;
    }

    JsonObject Filesystem(StorageDetails storage)
    {
        var node = new JsonObject { ["provider-id"] = storage.Id, ["storage"] = storage.Id };
        if (storage.Unit is { } unit)
        {
            node["attachments"] = new JsonObject
            {
                ["containers"] = new JsonObject
                {
                    [unit] = new JsonObject { ["mount-point"] = storage.Location ?? "", ["read-only"] = false, ["life"] = storage.Life },
                },
                ["units"] = new JsonObject { [unit] = new JsonObject { ["location"] = storage.Location, ["life"] = storage.Life } },
            };
        }

        node["pool"] = storage.Pool;
        node["size"] = storage.SizeMegabytes;
        node["life"] = storage.Life;
        node["status"] = new JsonObject { ["current"] = storage.Status, ["since"] = StatusTimes.Since(zone, storage.Since) };
        return node;
    }

    JsonObject Status(StatusDetails status) => new JsonObject { ["current"] = status.Current }
        .With("message", status.Message)
        .With("since", StatusTimes.Since(zone, status.Since));
}
