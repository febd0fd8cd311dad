using System.Globalization;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Relations;

static class RelationCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("integrate", "<application>[:<endpoint>] <application>[:<endpoint>]", "Integrate two applications.", IntegrateAsync)
        {
            Aliases = ["relate", "add-relation"],
            Flags = [Flag.Value("via", "cidrs", "Taken and not used: both sides are in this model")],
            Details = "Endpoints that are not named are found by their interface: one application must provide what the other requires.",
            Examples = ["integrate discourse-k8s redis-k8s", "integrate discourse-k8s:database postgresql-k8s:database"],
        },
        new("remove-relation", "<application>[:<endpoint>] <application>[:<endpoint>] | <relation-id>", "Removes an existing relation between two applications.", RemoveAsync)
        {
            Flags = [Flag.Switch("force", "Force remove a relation")],
            Examples = ["remove-relation discourse-k8s redis-k8s", "remove-relation 4"],
        },
        .. Unsupported(),
    ];

    static async Task<int> IntegrateAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count != 2)
        {
            throw new UsageException("an integration must involve two applications");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        try
        {
            await controller.IntegrateAsync(new(model, invocation.Arguments[0], invocation.Arguments[1]), cancellation);
        }
        catch (ControllerException refused) when (refused.Code == ErrorCode.AlreadyExists && !refused.Message.Contains("--relations", StringComparison.Ordinal))
        {
            throw new CommandException($"{refused.Message}\n\nUse 'juju-local status --relations' to view the current relations.");
        }

        return 0;
    }

    static async Task<int> RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var words = invocation.Arguments;
        var byId = words.Count == 1 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (words.Count != 2 && !byId)
        {
            throw new UsageException("a relation must involve two applications");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.RemoveRelationAsync(new(model, words[0], byId ? null : words[1], invocation.Line.Has("force")), cancellation);
        return 0;
    }

    // Known to juju and to its users' fingers, but without a meaning where one model is on one machine.
    static IEnumerable<Command> Unsupported() =>
        from item in new (string Name, string Why)[]
        {
            ("offer", "there are no offers between models on one machine; deploy both applications into one model and integrate them"),
            ("consume", "there are no offers between models on one machine; deploy both applications into one model and integrate them"),
            ("find-offers", "there are no offers between models on one machine"),
            ("add-machine", "there is one machine, this one"),
            ("add-ssh-key", "units have no ssh server; use juju-local ssh"),
            ("remove-ssh-key", "units have no ssh server; use juju-local ssh"),
            ("add-cloud", "there is one cloud, this machine"),
            ("update-cloud", "there is one cloud, this machine"),
            ("add-credential", "this machine needs no credential"),
            ("migrate", "there is one controller, this machine's"),
            ("dashboard", "there is no dashboard; see juju-local status --watch 1s"),
            ("debug-hooks", "run a hook by hand through juju-local exec, or see juju-local debug-log"),
            ("debug-code", "run a hook by hand through juju-local exec, or see juju-local debug-log"),
        }
        select new Command(item.Name, "", $"Not supported: {item.Why}.", (_, _) => throw new CommandException($"{item.Name} is not supported: {item.Why}"))
        {
            Hidden = true,
            StopsAtArgument = true,
            Flags = [Flag.Switch("client", ""), Flag.Value("f|file", "file", ""), Flag.Value("region", "region", ""), Flag.Value("c|controller", "controller", "")],
        };
}
