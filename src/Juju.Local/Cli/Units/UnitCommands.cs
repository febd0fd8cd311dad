using System.Globalization;
using Juju.Local.Cli.Applications;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Units;

static class UnitCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("add-unit", "<application name>", "Adds one or more units to a deployed application.", AddAsync)
        {
            Flags =
            [
                Flag.List("attach-storage", "storage", "Existing storage to attach to the deployed unit (not available on k8s models)"),
                Flag.Value("n|num-units", "count", "Number of units to add", "1"),
                Flag.List("to", "placement", "Taken and not used: there is one machine"),
            ],
            Examples = ["add-unit discourse-k8s", "add-unit discourse-k8s -n 2"],
        },
        new("scale-application", "<application> <scale>", "Set the desired number of units of an application.", ScaleAsync)
        {
            Examples = ["scale-application discourse-k8s 3"],
        },
        new("remove-unit", "<application> --num-units <count>", "Remove application units from the model.", RemoveAsync)
        {
            Flags =
            [
                Flag.Switch("destroy-storage", "Destroy storage attached to the unit"),
                Flag.Switch("dry-run", "Print what this command would remove without removing"),
                Flag.Switch("force", "Completely remove an unit and all its dependencies"),
                Flag.Switch("no-prompt", "Do not ask for confirmation"),
                Flag.Switch("no-wait", "Rush through unit removal without waiting for each individual step to complete"),
                Flag.Value("num-units", "count", "Number of units to remove (k8s models only)", "0"),
            ],
            Details = "The units with the highest numbers go first, as on Kubernetes.",
            Examples = ["remove-unit discourse-k8s --num-units 2"],
        },
        new("resolved", "[<unit> ...]", "Marks unit errors resolved and re-executes failed hooks.", ResolveAsync)
        {
            Aliases = ["resolve"],
            Flags = [Flag.Switch("all", "Marks all units in error as resolved"), Flag.Switch("no-retry", "Do not re-execute failed hooks on the unit")],
            Examples = ["resolved discourse-k8s/0", "resolved --no-retry discourse-k8s/0", "resolved --all"],
        },
    ];

    static async Task<int> AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var application = invocation.Only("no application specified");
        var count = invocation.Line.Number("num-units", 1);
        if (count < 1)
        {
            throw new UsageException("--num-units must be a positive integer");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.AddUnitsAsync(new(model, application, count), cancellation);
        return 0;
    }

    static async Task<int> ScaleAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no application specified");
        }

        if (invocation.Arguments.Count == 1)
        {
            throw new UsageException("no scale specified");
        }

        var (name, text) = (invocation.Arguments[0], invocation.Arguments[1]);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var scale))
        {
            throw new UsageException($"invalid scale \"{text}\": expected a number");
        }

        if (scale < 0)
        {
            throw new UsageException("scale must be a positive integer");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.ScaleAsync(new(model, name, scale), cancellation);
        invocation.Tell($"{name} scaled to {scale} units");
        return 0;
    }

    static async Task<int> RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var name = invocation.Arguments is [var first, ..] ? first : throw new UsageException("no units specified");
        if (invocation.Arguments.Any(word => word.Contains('/')))
        {
            throw new CommandException("k8s models do not support removing named units.\nInstead specify an application with --num-units.");
        }

        if (invocation.Arguments.Count > 1)
        {
            throw new UsageException("only single application supported");
        }

        var count = line.Number("num-units", 0);
        if (count <= 0)
        {
            throw new UsageException("specify the number of units (> 0) to remove using --num-units");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var application = await controller.GetApplicationAsync(new(model, name), cancellation);
        var left = Math.Max(0, application.Scale - count);
        if (line.Has("dry-run"))
        {
            invocation.Tell($"would scale down to {left} units");
            return 0;
        }

        if (!line.Has("no-prompt"))
        {
            invocation.Tell($"will remove {application.Scale - left} unit(s) of {name}");
            Confirmation.Ask(invocation, "unit");
        }

        await controller.RemoveUnitsAsync(new(model, name, [], count, line.Has("destroy-storage"), line.Has("force")), cancellation);
        invocation.Tell($"scaling down to {left} units");
        return 0;
    }

    static async Task<int> ResolveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var all = invocation.Line.Has("all");
        if (all == invocation.Arguments.Count > 0)
        {
            throw new UsageException(all ? "specifying unit names is not compatible with --all" : "no unit specified");
        }

        foreach (var name in invocation.Arguments.Where(name => !UnitName.IsValid(name)))
        {
            throw new UsageException($"unit name \"{name}\" not valid");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.ResolveAsync(new(model, [.. invocation.Arguments], all, !invocation.Line.Has("no-retry")), cancellation);
        return 0;
    }
}

/// <summary><c>app/0</c>, or <c>app/leader</c> where a command takes it.</summary>
static class UnitName
{
    public static bool IsValid(string name) => IsTarget(name) && !name.EndsWith("/leader", StringComparison.Ordinal);

    public static bool IsTarget(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && ApplicationName.IsValid(name[..slash])
            && (name[(slash + 1)..] == "leader" || (name.Length > slash + 1 && name.AsSpan(slash + 1).IndexOfAnyExceptInRange('0', '9') < 0));
    }
}
