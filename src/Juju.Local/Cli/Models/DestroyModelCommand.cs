using Juju.Local.Api;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Models;

static class DestroyModelCommand
{
    public static Command Command => new("destroy-model", "[<controller name>:]<model name>", "Terminates all applications and units of a model.", RunAsync)
    {
        Scope = Scope.Controller,
        Flags =
        [
            Flag.Switch("destroy-storage", "Destroy all storage instances in the model"),
            Flag.Switch("release-storage", "Release all storage instances from the model, without destroying them"),
            Flag.Switch("force", "Force destroy model ignoring any errors"),
            Flag.Switch("no-prompt", "Do not ask for confirmation. Overrides mode"),
            Flag.Switch("no-wait", "Rush through model destruction without waiting for each individual step to complete"),
            Flag.Value("t|timeout", "duration", "Timeout for each step of force model destruction", "-1s"),
        ],
        Details = "A model with storage needs one of --destroy-storage and --release-storage. The command returns when the model is gone.",
        Examples = ["destroy-model forum", "destroy-model forum --no-prompt --destroy-storage"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var argument = invocation.Only("no model specified");
        if (line.Has("destroy-storage") && line.Has("release-storage"))
        {
            throw new UsageException("--destroy-storage and --release-storage cannot both be specified");
        }

        var controller = await invocation.ConnectAsync(cancellation);
        var name = await CurrentModel.CheckControllerAsync(argument, controller, cancellation);
        var model = await controller.GetModelAsync(name, cancellation);
        if (!line.Has("no-prompt"))
        {
            Confirm(invocation, $"""
                This command will destroy the "{model.Name}" model and affect the following resources:
                 - {model.Units} unit{(model.Units == 1 ? "" : "s")}

                To continue, enter the name of the model to be destroyed:
                """ + " ", model.Name);
        }

        await controller.DestroyModelAsync(
            new(model.Name, line.Has("destroy-storage"), line.Has("release-storage"), line.Has("force")), cancellation);
        invocation.Tell("Destroying model");
        await WaitUntilGoneAsync(invocation, controller, model.Name, cancellation);
        if (CurrentModel.Read(invocation.Terminal.Home) == model.Name)
        {
            CurrentModel.Write(invocation.Terminal.Home, null);
        }

        invocation.Tell("Model destroyed.");
        return 0;
    }

    /// <summary>Asks for a word; anything else ends the command.</summary>
    public static void Confirm(Invocation invocation, string question, string word)
    {
        invocation.Terminal.Error.Write(question);
        if (invocation.Terminal.In.ReadLine()?.Trim() != word)
        {
            throw new CommandException("aborted; nothing was destroyed");
        }
    }

    static async Task WaitUntilGoneAsync(Invocation invocation, ControllerClient controller, string name, CancellationToken cancellation)
    {
        var shown = "";
        var version = 0L;
        while (true)
        {
            var models = await controller.ListModelsAsync(cancellation);
            if (models.FirstOrDefault(model => model.Name == name) is not { } model)
            {
                return;
            }

            var text = $"Waiting for model to be removed, {model.Units} unit(s)...";
            if (text != shown)
            {
                invocation.Tell(text);
                shown = text;
            }

            try
            {
                version = (await controller.WaitAsync(new(name, version, 1), cancellation)).Version;
            }
            catch (ControllerException gone) when (gone.Code == ErrorCode.NotFound)
            {
                return;
            }
        }
    }
}
