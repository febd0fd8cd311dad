using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Charms;
using Juju.Local.Cli.Applications;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Resources;

static class ResourceCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("resources", "<application or unit>", "Show the resources for an application or unit in the model.", ListAsync)
        {
            Aliases = ["list-resources"],
            Flags = [Flag.Switch("details", "Show detailed information about resources used by each unit"), .. OutputFlags.Of("tabular|json|yaml")],
        },
        new("attach-resource", "<application> <resource name>=<value>", "Update a resource for an application.", AttachAsync)
        {
            Aliases = ["attach"],
            Details = "The value is a file, a directory (the root of an image), or host. Containers of a changed image are made anew.",
            Examples = ["attach-resource discourse-k8s discourse-image=./out/rocks/discourse"],
        },
        new("charm-resources", "<charm>", "Display the resources of a built-in charm.", OfCharmAsync)
        {
            Scope = Scope.None,
            Aliases = ["list-charm-resources"],
            Flags = [Flag.Value("channel", "channel", "Taken and not used"), .. OutputFlags.Of("tabular|json|yaml")],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Only("missing application or unit name");
        var format = invocation.Format("tabular", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var application = await controller.GetApplicationAsync(new(model, name.Split('/')[0]), cancellation);
        var resources = application.Resources.OrderBy(resource => resource.Name, StringComparer.Ordinal).ToList();
        if (format != "tabular")
        {
            invocation.Write(
                new JsonObject
                {
                    ["resources"] = new JsonArray([.. resources.Select(resource => (JsonNode)new JsonObject
                    {
                        ["resourceid"] = $"{application.Name}/{resource.Name}", ["name"] = resource.Name, ["type"] = resource.Type,
                        ["description"] = resource.Description ?? "", ["origin"] = resource.Value is null ? "store" : "upload",
                        ["revision"] = resource.Revision.ToString(CultureInfo.InvariantCulture), ["used"] = true, ["path"] = resource.Value ?? "",
                    })]),
                },
                format);
            return 0;
        }

        if (resources.Count == 0)
        {
            invocation.Tell("No resources to display.");
            return 0;
        }

        var table = new Table("Resource", "Supplied by", "Revision");
        foreach (var resource in resources)
        {
            table.Add(
                resource.Name, resource.Value is null ? "charmstore" : "admin",
                resource.Value is null ? resource.Revision.ToString(CultureInfo.InvariantCulture) : resource.Value);
        }

        invocation.Print(table);
        return 0;
    }

    static async Task<int> AttachAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count < 2)
        {
            throw new UsageException(invocation.Arguments.Count == 0 ? "missing application name" : "no resource specified");
        }

        var (name, value) = KeyValues.Split(invocation.Arguments[1]);
        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.AttachResourceAsync(
            new(model, invocation.Arguments[0], name, Paths.ResolveResource(value, Environment.CurrentDirectory)), cancellation);
        return 0;
    }

    static Task<int> OfCharmAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Only("missing charm");
        var format = invocation.Format("tabular", "json", "yaml");
        var source = CharmSource.Find(name, Environment.CurrentDirectory, new BuiltInCharms(invocation.Terminal));
        var resources = source.Definition.Resources.Values;
        if (format == "tabular")
        {
            var table = new Table("Resource", "Type", "Description");
            foreach (ResourceDefinition resource in resources)
            {
                table.Add(resource.Name, resource.Type, resource.Description.ReplaceLineEndings(" "));
            }

            invocation.Print(table);
        }
        else
        {
            invocation.Write(
                new JsonArray([.. resources.Select(resource => (JsonNode)new JsonObject
                {
                    ["name"] = resource.Name, ["type"] = resource.Type, ["description"] = resource.Description, ["origin"] = "store",
                })]),
                format);
        }

        return Task.FromResult(0);
    }
}
