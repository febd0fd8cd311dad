using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Models;

static class ModelConfigCommand
{
    public static Command Command => new("model-config", "[<model-key>[=<value>] ...]", "Displays or sets configuration values on a model.", RunAsync)
    {
        Flags =
        [
            Flag.List("file", "path", "Path to a YAML file of keys to set"),
            Flag.List("reset", "keys", "Reset the provided comma delimited keys"),
            Flag.Switch("ignore-read-only-fields", "Ignore read only fields that might cause errors to be emitted while processing yaml documents"),
            .. OutputFlags.Of("tabular|json|yaml"),
        ],
        Examples = ["model-config", "model-config update-status-hook-interval=1m", "model-config --reset update-status-hook-interval"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var change = ConfigChange.Of(invocation.Arguments, line.Commas("reset"), line.List("file"), application: null);
        var format = invocation.Format("tabular", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        if (change.IsChange)
        {
            await controller.SetModelConfigAsync(new(model, change.Set, change.Reset), cancellation);
            return 0;
        }

        var options = (await controller.GetModelConfigAsync(model, cancellation)).OrderBy(option => option.Name, StringComparer.Ordinal).ToList();
        if (change.Key is { } key)
        {
            var option = options.FirstOrDefault(option => option.Name == key)
                ?? throw new CommandException($"key \"{key}\" not found in \"{model}\" model.");
            invocation.Print(line.IsGiven("format") ? Documents.Write(option.Value?.DeepClone(), format == "json" ? "json" : "yaml") : Plain(option.Value) + "\n");
            return 0;
        }

        if (format == "tabular")
        {
            Show(invocation, options);
            return 0;
        }

        var document = new JsonObject();
        foreach (var option in options)
        {
            document[option.Name] = format == "json"
                ? new JsonObject { ["Value"] = option.Value?.DeepClone(), ["Source"] = option.Source }
                : new JsonObject { ["value"] = option.Value?.DeepClone(), ["source"] = option.Source };
        }

        invocation.Write(document, format);
        return 0;
    }

    static void Show(Invocation invocation, List<ModelOption> options)
    {
        var table = new Table("Attribute", "From", "Value");
        foreach (var option in options)
        {
            table.Add(option.Name, option.Source, Plain(option.Value));
        }

        invocation.Print(table);
    }

    static string Plain(JsonNode? value) => value is null ? "" : ConfigArguments.Text(value);
}
