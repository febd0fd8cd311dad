using System.Text.RegularExpressions;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Models;

static partial class AddModelCommand
{
    public static Command Command => new("add-model", "<model name> [cloud|region|(cloud/region)]", "Adds a workload model.", RunAsync)
    {
        Scope = Scope.Controller,
        Flags =
        [
            Flag.List("config", "key=value", "Specify the path to a YAML model configuration file or individual configuration options (--config config.yaml [--config key=value ...])"),
            Flag.Value("credential", "credential", "The name of the cloud credential to use; there is none on one machine"),
            Flag.Switch("no-switch", "Choose not to switch to the newly created model"),
            Flag.Value("owner", "user", "The owner of the new model if not the current user"),
        ],
        Examples = ["add-model forum", "add-model forum --config update-status-hook-interval=1m"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("model name is required");
        }

        var name = invocation.Arguments[0];
        if (!NamePattern().IsMatch(name))
        {
            throw new UsageException($"\"{name}\" is not a valid name: model names may only contain lowercase letters, digits and hyphens");
        }

        var config = ConfigArguments.Read(invocation.Line.List("config"), application: null);
        var controller = await invocation.ConnectAsync(cancellation);
        if (invocation.Line.Text("controller") is { } wanted)
        {
            await CurrentModel.CheckControllerAsync($"{wanted}:{name}", controller, cancellation);
        }

        var model = await controller.AddModelAsync(new(name, config), cancellation);
        if (!invocation.Line.Has("no-switch"))
        {
            CurrentModel.Write(invocation.Terminal.Home, name);
        }

        invocation.Tell($"Added '{name}' model on {model.Cloud}/{model.Region} with credential '{model.Cloud}' for user '{model.Owner}'");
        return 0;
    }

    [GeneratedRegex("^[a-z0-9]+[a-z0-9-]*$")]
    private static partial Regex NamePattern();
}
