using Pebble.Cli;
using Pebble.Client;
using Pebble.Plan;

namespace Pebble;

/// <summary>`pebble run` and `pebble enter`: from the arguments to the exit code.</summary>
static class DaemonCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        Environment.SetEnvironmentVariable(DaemonEnvironment.InlineCompletions, "1");
        try
        {
            var options = DaemonOptions.Parse(args[1..]);
            if (options.Rest.Count == 0)
            {
                return await RunDaemonAsync(options, null);
            }

            return args[0] == "enter"
                ? await EnterAsync(options)
                : throw new ArgumentException("too many arguments for command");
        }
        catch (PlanError e)
        {
            Output.ErrorLine($"cannot run daemon: {e.Message}");
            return 1;
        }
        catch (ArgumentException e)
        {
            Output.ErrorLine($"error: {e.Message}");
            return 1;
        }
    }

    /// <param name="options">What was asked for.</param>
    /// <param name="visitor">A command that is run once the daemon is ready; the daemon may end when it does.</param>
    static async Task<int> RunDaemonAsync(DaemonOptions options, Func<Task<bool>>? visitor)
    {
        try
        {
            var environment = DaemonEnvironment.Read();
            PebbleFolder.Prepare(environment, options.CreateDirs);
            return await new DaemonLife(new Daemon(options, environment, TimeProvider.System)).RunAsync(visitor);
        }
        catch (Exception e) when (e is IOException or PlanError or UnauthorizedAccessException or PebbleException or CommandException)
        {
            Output.ErrorLine($"cannot run daemon: {e.Message}");
            return 1;
        }
    }

    /// <summary>A command of the CLI with a daemon of its own.</summary>
    static async Task<int> EnterAsync(DaemonOptions options)
    {
        var mode = EnterMode.Of(options.Rest[0]) ?? throw new ArgumentException(CommandTable.Find(options.Rest[0]) is null
            ? $"unknown command \"{options.Rest[0]}\", see 'pebble help'"
            : $"enter: subcommand \"{options.Rest[0]}\" is not supported");
        mode.Check(options);
        var command = options.Rest.ToArray();
        if (!mode.NeedsDaemon)
        {
            return await CommandLine.RunAsync(command, CancellationToken.None);
        }

        Logger.Silent = mode.IsQuiet && !options.Verbose && !DaemonEnvironment.Read().Verbose;
        var exitCode = 0;
        var daemonCode = await RunDaemonAsync(options with { Hold = !options.Run }, async () =>
        {
            exitCode = await CommandLine.RunAsync(command, CancellationToken.None);
            return exitCode == 0 && mode.KeepsDaemon;
        });
        return exitCode != 0 ? exitCode : daemonCode;
    }
}

/// <summary>How `enter` treats a command.</summary>
/// <remarks>Source: the CLI reference, `pebble enter --help`.</remarks>
sealed record EnterMode(string Command, bool NeedsDaemon = true, bool IsQuiet = false, bool KeepsDaemon = false)
{
    static readonly EnterMode[] Modes =
    [
        new("help", NeedsDaemon: false),
        new("version", IsQuiet: true),
        new("plan", IsQuiet: true),
        new("services", IsQuiet: true),
        new("ls", IsQuiet: true),
        new("exec", IsQuiet: true),
        new("start", KeepsDaemon: true),
        new("stop", KeepsDaemon: true),
    ];

    public static EnterMode? Of(string command) => Array.Find(Modes, each => each.Command == command);

    /// <exception cref="ArgumentException">An option does not go with this command.</exception>
    public void Check(DaemonOptions options)
    {
        if (Command == "stop" && !options.Run)
        {
            throw new ArgumentException($"enter: must use --run before \"{Command}\" subcommand");
        }

        if (Command is "help" or "version" or "plan" or "services" or "ls" && options.Run)
        {
            throw new ArgumentException($"enter: cannot provide --run before \"{Command}\" subcommand");
        }

        if (Command == "exec" && options.Verbose)
        {
            throw new ArgumentException($"enter: cannot provide -v/--verbose before \"{Command}\" subcommand");
        }
    }
}
