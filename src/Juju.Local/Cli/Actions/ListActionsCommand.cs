using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Actions;

static class ListActionsCommand
{
    public static Command List => new("actions", "<application>", "List actions defined for an application.", ListAsync)
    {
        Aliases = ["list-actions"],
        Flags = [Flag.Switch("schema", "Display the full action schema"), .. OutputFlags.Of("default|tabular|json|yaml")],
        Examples = ["actions discourse-k8s", "actions discourse-k8s --schema --format yaml"],
    };

    public static Command Show => new("show-action", "<application> <action>", "Shows detailed information about an action.", ShowAsync)
    {
        Examples = ["show-action discourse-k8s create-user"],
    };

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var application = invocation.Only("no application name specified");
        var schema = invocation.Line.Has("schema");
        var format = invocation.Format("default", "tabular", "json", "yaml");
        if (schema && format == "tabular")
        {
            throw new UsageException("full schema not compatible with tabular output");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var actions = (await controller.ListActionsAsync(new(model, application), cancellation)).OrderBy(action => action.Name, StringComparer.Ordinal).ToList();
        if (schema || format is "json" or "yaml")
        {
            var document = new JsonObject();
            foreach (var action in actions)
            {
                document[action.Name] = schema ? action.Schema.DeepClone() : JsonValue.Create(action.Description);
            }

            invocation.Write(document, format == "json" ? "json" : "yaml");
            return 0;
        }

        if (actions.Count == 0)
        {
            invocation.Tell($"No actions defined for {application}.");
            return 0;
        }

        var table = new Table("Action", "Description");
        foreach (var action in actions)
        {
            table.Add(action.Name, action.Description.ReplaceLineEndings(" ").Trim());
        }

        invocation.Print(table);
        return 0;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no application specified");
        }

        if (invocation.Arguments.Count == 1)
        {
            throw new UsageException("no action specified");
        }

        var (application, name) = (invocation.Arguments[0], invocation.Arguments[1]);
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var actions = await controller.ListActionsAsync(new(model, application), cancellation);
        var action = actions.FirstOrDefault(action => action.Name == name)
            ?? throw new CommandException($"unknown action \"{name}\" of \"{application}\"; see \"juju-local actions {application}\"");
        invocation.Print(Describe(action));
        return 0;
    }

    static string Describe(ActionDetails action)
    {
        var properties = action.Schema["properties"] as JsonObject ?? [];
        return action.Description.TrimEnd() + "\n" + (properties.Count == 0 ? "" : "\nArguments\n" + YamlWriter.Write(properties));
    }
}
