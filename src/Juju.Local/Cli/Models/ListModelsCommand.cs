using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Models;

static class ListModelsCommand
{
    public static Command Command => new("models", "", "Lists models a user can access on a controller.", RunAsync)
    {
        Aliases = ["list-models"],
        Scope = Scope.Controller,
        Flags =
        [
            Flag.Switch("all", "Lists all models, regardless of user accessibility"),
            Flag.Value("user", "user", "The user to list models for"),
            Flag.Switch("uuid", "Display UUID for models"),
            Flag.Switch("exact-time", "Use full timestamps"),
            .. OutputFlags.Of("tabular|json|yaml|short"),
        ],
        Examples = ["models", "models --format json"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml", "short");
        var controller = await invocation.ConnectAsync(cancellation);
        var models = (await controller.ListModelsAsync(cancellation)).OrderBy(model => model.Name, StringComparer.Ordinal).ToList();
        var current = invocation.Terminal.Model ?? CurrentModel.Read(invocation.Terminal.Home);
        current = current is null ? null : CurrentModel.BareName(current);
        switch (format)
        {
            case "short":
                invocation.Print(string.Concat(models.Select(model => model.Name + "\n")));
                break;
            case "tabular":
                await ShowAsync(invocation, controller, models, current, cancellation);
                break;
            default:
                invocation.Write(
                    new JsonObject { ["models"] = new JsonArray([.. models.Select(model => (JsonNode)Describe(model))]) }
                        .With("current-model", models.Any(model => model.Name == current) ? current : null),
                    format);
                break;
        }

        return 0;
    }

    static async Task ShowAsync(
        Invocation invocation, ControllerClient controller, List<ModelDetails> models, string? current, CancellationToken cancellation)
    {
        invocation.Print($"Controller: {(await controller.ControllerAsync(cancellation)).Name}\n\n");
        var table = new Table(["Model", .. invocation.Line.Has("uuid") ? ["UUID"] : Array.Empty<string>(), "Cloud/Region", "Type", "Status", "Units", "Access", "Last connection"]);
        foreach (var model in models)
        {
            List<Cell> cells =
            [
                new(model.Name == current ? model.Name + "*" : model.Name, model.Name == current ? Colour.Green : Colour.None),
                $"{model.Cloud}/{model.Region}", "kubernetes", Cell.Status(model.Status.Current),
                model.Units == 0 ? "-" : model.Units.ToString(CultureInfo.InvariantCulture), "admin", "just now",
            ];
            if (invocation.Line.Has("uuid"))
            {
                cells.Insert(1, model.Uuid);
            }

            table.Add([.. cells]);
        }

        invocation.Print(table);
        if (models.Count == 0)
        {
            invocation.Tell("\nThere are no models; make one by running \"juju-local add-model NAME\".");
        }
    }

    static JsonObject Describe(ModelDetails model) => ModelDocument.Make(model).With("unit-count", JsonValue.Create(model.Units));
}
