using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Models;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Controllers;

static class ControllerCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("bootstrap", "[<cloud name>[/region] [<controller name>]]", "Starts the controller of this machine.", BootstrapAsync)
        {
            Scope = Scope.None,
            Flags =
            [
                Flag.List("config", "key=value", "Controller configuration options; taken and not used"),
                Flag.List("model-default", "key=value", "Configuration options to set for all models; taken and not used"),
                Flag.List("bootstrap-constraints", "constraint", "Taken and not used"),
                Flag.List("constraints", "constraint", "Taken and not used"),
                Flag.List("storage-pool", "key=value", "Taken and not used"),
                Flag.Value("bootstrap-base", "base", "Taken and not used"),
                Flag.Value("credential", "credential", "Taken and not used"),
                Flag.Value("metadata-source", "path", "Taken and not used"),
                Flag.Value("to", "placement", "Taken and not used"),
                Flag.Switch("force", "Taken and not used"),
                Flag.Switch("no-switch", "Taken and not used"),
            ],
            Details = "The controller starts by itself with the first command that needs it, so this is seldom needed.",
        },
        new("controllers", "", "Lists all controllers.", ListAsync)
        {
            Aliases = ["list-controllers"],
            Scope = Scope.None,
            Flags = [Flag.Switch("refresh", "Connect to each controller to download the latest details"), .. OutputFlags.Of("tabular|json|yaml")],
        },
        new("show-controller", "[<controller name>]", "Shows detailed information of the controller.", ShowAsync)
        {
            Scope = Scope.None,
            Flags = [.. OutputFlags.Of("yaml|json")],
        },
        new("whoami", "", "Print current login details.", WhoAmIAsync)
        {
            Scope = Scope.None,
            Flags = [.. OutputFlags.Of("tabular|json|yaml")],
        },
        new("clouds", "", "Lists all clouds available.", CloudsAsync)
        {
            Aliases = ["list-clouds"],
            Scope = Scope.Controller,
            Flags = [Flag.Switch("client", "Client operation"), Flag.Switch("all", "Show all available clouds"), .. OutputFlags.Of("tabular|json|yaml")],
        },
        new("kill-controller", "[<controller name>]", "Destroys all models with their storage, and ends the controller.", KillAsync)
        {
            Aliases = ["destroy-controller"],
            Scope = Scope.None,
            Flags =
            [
                Flag.Switch("no-prompt", "Do not ask for confirmation"),
                Flag.Switch("destroy-all-models", "Destroy all models in the controller, as always here"),
                Flag.Switch("destroy-storage", "Destroy all storage instances managed by the controller, as always here"),
                Flag.Switch("release-storage", "Refused: the storage is in the controller's folder"),
                Flag.Switch("force", "Taken and not used"),
                Flag.Value("t|timeout", "duration", "Taken and not used"),
            ],
            Examples = ["kill-controller --no-prompt"],
        },
        new("shutdown", "", "Stops all units and the controller, and keeps all data.", ShutdownAsync)
        {
            Scope = Scope.None,
            Details = "Any later command starts the controller again, and it its units.",
        },
        new("stop-controller", "", "Ends the controller's process; workloads keep running, and the next command starts it again.", StopAsync)
        {
            Scope = Scope.None,
        },
    ];

    static async Task<int> BootstrapAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        var controller = await invocation.ConnectAsync(cancellation);
        var about = await controller.ControllerAsync(cancellation);
        if (invocation.Arguments.Count == 2 && invocation.Arguments[1] != about.Name)
        {
            invocation.Warn($"the controller of this machine is called \"{about.Name}\", not \"{invocation.Arguments[1]}\"");
        }

        invocation.Tell($"Controller \"{about.Name}\" is running. Now make a model:\n\n\tjuju-local add-model <model-name>");
        return 0;
    }

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        var controller = await invocation.ConnectAsync(cancellation);
        var about = await controller.ControllerAsync(cancellation);
        var current = CurrentModel.Read(invocation.Terminal.Home);
        var models = (await controller.ListModelsAsync(cancellation)).Count;
        if (format == "tabular")
        {
            invocation.Print(new Table("Controller", "Model", "User", "Access", "Cloud/Region", "Models", "Nodes", "HA", "Version")
                .Add(new(about.Name + "*", Colour.Green), current ?? "-", "admin", "superuser", "localhost/local", $"{models}", "1", "-", about.Version));
            return 0;
        }

        var node = new JsonObject()
            .With("current-model", current is null ? null : $"admin/{current}")
            .With("user", "admin")
            .With("access", "superuser")
            .With("uuid", about.Uuid)
            .With("cloud", "localhost")
            .With("region", "local")
            .With("agent-version", about.Version)
            .With("model-count", JsonValue.Create(models));
        invocation.Write(
            new JsonObject { ["controllers"] = new JsonObject { [about.Name] = node }, ["current-controller"] = about.Name }, format);
        return 0;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        var format = invocation.Format("yaml", "json");
        var controller = await invocation.ConnectAsync(cancellation);
        if (invocation.Arguments.Count == 1)
        {
            await CurrentModel.CheckControllerAsync(invocation.Arguments[0] + ":", controller, cancellation);
        }

        var about = await controller.ControllerAsync(cancellation);
        var details = new JsonObject
        {
            ["controller-uuid"] = about.Uuid,
            ["cloud"] = "localhost",
            ["region"] = "local",
            ["agent-version"] = about.Version,
            ["api-endpoints"] = Documents.List([$"unix:{invocation.Terminal.Home.Socket}"]),
            ["process-id"] = about.ProcessId,
            ["network"] = about.Network,
        };
        invocation.Write(new JsonObject { [about.Name] = new JsonObject { ["details"] = details } }, format);
        return 0;
    }

    static async Task<int> WhoAmIAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        var about = await (await invocation.ConnectAsync(cancellation)).ControllerAsync(cancellation);
        var current = CurrentModel.Read(invocation.Terminal.Home);
        if (format == "tabular")
        {
            invocation.Print($"Controller:  {about.Name}\n{(current is null ? "" : $"Model:       {current}\n")}User:        admin\n");
            return 0;
        }

        invocation.Write(new JsonObject { ["controller"] = about.Name }.With("model", current).With("user", "admin"), format);
        return 0;
    }

    static Task<int> CloudsAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("tabular", "json", "yaml");
        if (format == "tabular")
        {
            invocation.Print(new Table("Cloud", "Regions", "Default", "Type", "Credentials", "Source", "Description")
                .Add("localhost", "1", "local", "k8s", "1", "built-in", "Sandboxes on this machine"));
        }
        else
        {
            invocation.Write(
                new JsonObject
                {
                    ["localhost"] = new JsonObject
                    {
                        ["defined"] = "built-in", ["type"] = "k8s", ["description"] = "Sandboxes on this machine",
                        ["regions"] = new JsonObject { ["local"] = new JsonObject() },
                    },
                },
                format);
        }

        return Task.FromResult(0);
    }

    static async Task<int> KillAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        if (invocation.Line.Has("release-storage"))
        {
            throw new UsageException("storage cannot be released: it is in the controller's folder; copy what you need, then use --destroy-storage");
        }

        var found = await ControllerClient.FindAsync(invocation.Terminal.Home, cancellation);
        if (found is null && !File.Exists(invocation.Terminal.Home.Database))
        {
            throw new CommandException($"there is no controller in {invocation.Terminal.Home.Path}");
        }

        found?.Dispose();
        var controller = await invocation.ConnectAsync(cancellation);
        var about = await controller.ControllerAsync(cancellation);
        var name = about.Name;
        if (invocation.Arguments.Count == 1)
        {
            await CurrentModel.CheckControllerAsync(invocation.Arguments[0] + ":", controller, cancellation);
        }

        if (!invocation.Line.Has("no-prompt"))
        {
            var models = await controller.ListModelsAsync(cancellation);
            DestroyModelCommand.Confirm(invocation, $"""
                This command will destroy the "{name}" controller with {models.Count} model(s) and all their storage.

                To continue, enter the name of the controller to be destroyed:
                """ + " ", name);
        }

        await controller.KillControllerAsync(cancellation);
        await ControllerExit.WaitAsync(about, invocation.Terminal.Clock, cancellation);
        CurrentModel.Write(invocation.Terminal.Home, null);
        invocation.Tell("All models reclaimed; the controller is gone");
        return 0;
    }

    static async Task<int> ShutdownAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);

        // A controller that was killed has left its workloads running: the one that stops them is started for it.
        if (!File.Exists(invocation.Terminal.Home.Database))
        {
            return 0;
        }

        var controller = await invocation.ConnectAsync(cancellation);
        var about = await controller.ControllerAsync(cancellation);
        await controller.ShutdownAsync(cancellation);
        await ControllerExit.WaitAsync(about, invocation.Terminal.Clock, cancellation);
        return 0;
    }

    static async Task<int> StopAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        using var controller = await ControllerClient.FindAsync(invocation.Terminal.Home, cancellation);
        if (controller is null)
        {
            invocation.Tell("The controller is not running.");
            return 0;
        }

        var about = await controller.ControllerAsync(cancellation);
        await controller.StopControllerAsync(cancellation);
        await ControllerExit.WaitAsync(about, invocation.Terminal.Clock, cancellation);
        return 0;
    }
}
