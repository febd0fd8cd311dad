using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;
using Juju.Local.Cli.Status;

namespace Juju.Local.Cli.Storage;

static class StorageCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("storage", "", "Lists storage details.", ListAsync)
        {
            Aliases = ["list-storage"],
            Flags = [Flag.Switch("filesystem", "List filesystem storage"), Flag.Switch("volume", "List volume storage"), .. OutputFlags.Of("tabular|json|yaml")],
        },
        new("show-storage", "<storage ID> [...]", "Shows storage instance information.", ShowAsync)
        {
            Flags = [.. OutputFlags.Of("yaml|json")],
        },
        new("storage-pools", "", "List storage pools.", PoolsAsync)
        {
            Aliases = ["list-storage-pools"],
            Flags = [Flag.List("provider", "provider", "Only show pools of these storage providers"), Flag.List("name", "name", "Only show pools with these names"), .. OutputFlags.Of("tabular|json|yaml")],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var status = await controller.StatusAsync(model, cancellation);
        var all = status.Storage.OrderBy(storage => storage.Unit, NaturalOrder.Instance).ThenBy(storage => storage.Id, NaturalOrder.Instance).ToList();
        if (format != "tabular")
        {
            invocation.Write(all.Count == 0 ? new JsonObject() : new JsonObject { ["storage"] = Describe(invocation, all) }, format);
            return 0;
        }

        if (all.Count == 0)
        {
            invocation.Tell("No storage to display.");
            return 0;
        }

        var table = new Table("Unit", "Storage ID", "Type", "Pool", "Size", "Status", "Message");
        foreach (var storage in all)
        {
            table.Add(storage.Unit ?? "", storage.Id, storage.Kind, storage.Pool, Sizes.Format(storage.SizeMegabytes), Cell.Status(storage.Status), "");
        }

        invocation.Print(table);
        return 0;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("must specify storage id(s)");
        }

        var format = invocation.Format("yaml", "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var status = await controller.StatusAsync(model, cancellation);
        var chosen = invocation.Arguments
            .Select(id => status.Storage.FirstOrDefault(storage => storage.Id == id) ?? throw new CommandException($"storage instance \"{id}\" not found"))
            .ToList();
        invocation.Write(Describe(invocation, chosen), format);
        return 0;
    }

    static JsonObject Describe(Invocation invocation, IEnumerable<StorageDetails> all)
    {
        var map = new JsonObject();
        foreach (var storage in all)
        {
            var node = new JsonObject
            {
                ["kind"] = storage.Kind,
                ["life"] = storage.Life,
                ["status"] = new JsonObject { ["current"] = storage.Status, ["since"] = StatusTimes.Since(invocation.Terminal.Zone, storage.Since) },
                ["persistent"] = false,
            };
            if (storage.Unit is { } unit)
            {
                node["attachments"] = new JsonObject
                {
                    ["units"] = new JsonObject { [unit] = new JsonObject { ["life"] = storage.Life }.With("location", storage.Location) },
                };
            }

            map[storage.Id] = node;
        }

        return map;
    }

    static async Task<int> PoolsAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        await invocation.OpenAsync(cancellation);
        if (format == "tabular")
        {
            invocation.Print(new Table("Name", "Provider", "Attributes").Add("kubernetes", "kubernetes", ""));
        }
        else
        {
            invocation.Write(new JsonObject { ["kubernetes"] = new JsonObject { ["provider"] = "kubernetes" } }, format);
        }

        return 0;
    }
}
