using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Applications;

static class RemoveApplicationCommand
{
    public static Command Command => new("remove-application", "<application> [<application>...]", "Remove applications from the model.", RunAsync)
    {
        Flags =
        [
            Flag.Switch("destroy-storage", "Destroy storage attached to application units"),
            Flag.Switch("dry-run", "Print what this command would remove without removing"),
            Flag.Switch("force", "Completely remove an application and all its dependencies"),
            Flag.Switch("no-prompt", "Do not ask for confirmation"),
            Flag.Switch("no-wait", "Rush through application removal without waiting for each individual step to complete"),
        ],
        Examples = ["remove-application redis-k8s", "remove-application --no-prompt --destroy-storage postgresql-k8s"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var names = invocation.Arguments;
        if (names.Count == 0)
        {
            throw new UsageException("no application specified");
        }

        foreach (var name in names.Where(name => !ApplicationName.IsValid(name)))
        {
            throw new UsageException($"invalid application name \"{name}\"");
        }

        var line = invocation.Line;
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var status = await controller.StatusAsync(model, cancellation);
        foreach (var name in names.Where(status.Applications.ContainsKey))
        {
            Announce(invocation, status, name);
        }

        if (line.Has("dry-run"))
        {
            return 0;
        }

        if (!line.Has("no-prompt") && names.Any(status.Applications.ContainsKey))
        {
            Confirmation.Ask(invocation, "application");
        }

        var code = 0;
        foreach (var name in names)
        {
            try
            {
                await controller.RemoveApplicationAsync(new(model, name, line.Has("destroy-storage"), line.Has("force")), cancellation);
            }
            catch (ControllerException refused)
            {
                invocation.Terminal.Error.Write($"ERROR removing application {name} failed: {refused.Message}\n");
                code = 1;
            }
        }

        return code;
    }

    static void Announce(Invocation invocation, ModelStatus status, string name)
    {
        invocation.Tell($"will remove application {name}");
        foreach (var unit in status.Applications[name].Units.OrderBy(unit => unit.Name, NaturalOrder.Instance))
        {
            invocation.Tell($"- will remove unit {unit.Name}");
        }

        foreach (var storage in status.Storage.Where(storage => storage.Unit?.Split('/')[0] == name).OrderBy(storage => storage.Id, NaturalOrder.Instance))
        {
            invocation.Tell($"- will {(invocation.Line.Has("destroy-storage") ? "remove" : "detach")} storage {storage.Id}");
        }
    }
}

static class Confirmation
{
    /// <exception cref="CommandException">The answer is not yes.</exception>
    public static void Ask(Invocation invocation, string what)
    {
        invocation.Terminal.Error.Write("\nContinue [y/N]? ");
        var answer = invocation.Terminal.In.ReadLine()?.Trim();
        if (answer is not ("y" or "Y" or "yes" or "YES"))
        {
            throw new CommandException($"{what} removal: aborted; use --no-prompt to remove without asking");
        }
    }
}
