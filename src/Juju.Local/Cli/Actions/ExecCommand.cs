using Juju.Local.Api;
using Juju.Local.Cli.Applications;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Units;

namespace Juju.Local.Cli.Actions;

static class ExecCommand
{
    public static Command Command => new("exec", "<commands>", "Run the commands on the remote targets specified.", RunAsync)
    {
        Flags =
        [
            Flag.List("a|app|application", "application", "One or more application names"),
            Flag.Switch("all", "Run the commands on all the units of the model"),
            Flag.Value("execution-group", "group", "Commands in the same execution group are run sequentially"),
            Flag.List("machine", "machine", "One or more machine ids (not available on k8s models)"),
            Flag.Switch("operator", "Run the commands where the charm runs, as always here"),
            Flag.Switch("parallel", "Run the commands in parallel without first acquiring a lock"),
            Flag.List("u|unit", "unit", "One or more unit names"),
            .. TaskFlags.All(TaskFlags.ExecWait),
        ],
        Details = """
            One word is a command line of the shell; several are quoted one by one. It runs in the charm's directory in a hook
            context, so the hook tools work. Put -- before a command that has options.
            """,
        Examples = ["exec --unit discourse-k8s/0 -- hostname -f", "exec --application discourse-k8s 'relation-ids database'"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no commands specified");
        }

        if (line.IsGiven("machine"))
        {
            throw new CommandException("unable to target machines with a k8s controller");
        }

        var (units, applications) = (line.Commas("unit"), line.Commas("application"));
        var targeted = units.Count + applications.Count > 0;
        if (line.Has("all") && targeted)
        {
            throw new UsageException("You cannot specify --all and individual applications or units");
        }

        if (!line.Has("all") && !targeted)
        {
            throw new UsageException("You must specify a target, either through --all, --application or --unit");
        }

        foreach (var unit in units.Where(unit => !UnitName.IsTarget(unit)))
        {
            throw new UsageException($"The following exec targets are not valid:\n  \"{unit}\" is not a valid unit name");
        }

        foreach (var application in applications.Where(application => !ApplicationName.IsValid(application)))
        {
            throw new UsageException($"The following exec targets are not valid:\n  \"{application}\" is not a valid application name");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        if (line.Has("all"))
        {
            applications = [.. (await controller.StatusAsync(model, cancellation)).Applications.Keys];
        }

        var command = invocation.Arguments is [var only] ? only : string.Join(' ', invocation.Arguments.Select(ShellWord.Quote));
        var wait = line.Duration("wait", TaskFlags.ExecWait);

        // The agent kills a command that is late, but after this command has said so.
        OperationDetails operation;
        try
        {
            operation = await controller.ExecAsync(new(model, units, applications, command, wait.TotalSeconds + 1), cancellation);
        }
        catch (ControllerException unknown) when (unknown.Code == ErrorCode.NotFound)
        {
            // As juju has it: nothing has failed, for nothing ran; jubilant knows an unknown unit by the silence.
            invocation.Terminal.Error.Write($"ERROR {unknown.Message}\n");
            return 0;
        }

        return await new TaskOutcome(invocation, controller, model).FollowAsync(operation, TaskFlags.ExecWait, cancellation);
    }
}

/// <summary>Words for a POSIX shell.</summary>
static class ShellWord
{
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_@%+=:,./-".Contains(letter))
            ? word
            : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
