using System.Text.Json.Nodes;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Models;

static class ShowModelCommand
{
    public static Command Command => new("show-model", "[<model name> ...]", "Shows information about the current or specified model.", RunAsync)
    {
        Flags = [.. OutputFlags.Of("yaml|json")],
        Examples = ["show-model", "show-model forum --format json"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var format = invocation.Format("yaml", "json");
        var controller = await invocation.ConnectAsync(cancellation);
        IReadOnlyList<string> names = invocation.Arguments.Count > 0
            ? invocation.Arguments
            : [CurrentModel.Resolve(invocation.Line.Text("model"), invocation.Terminal)];
        var document = new JsonObject();
        foreach (var name in names)
        {
            var model = await controller.GetModelAsync(await CurrentModel.CheckControllerAsync(name, controller, cancellation), cancellation);
            document[model.Name] = ModelDocument.Make(model);
        }

        invocation.Write(document, format);
        return 0;
    }
}
