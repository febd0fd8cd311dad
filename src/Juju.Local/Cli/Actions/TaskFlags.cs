using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Actions;

/// <summary>What <c>run</c> and <c>exec</c> have in common.</summary>
static class TaskFlags
{
    public static readonly TimeSpan RunWait = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan ExecWait = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<Flag> All(TimeSpan wait) =>
    [
        Flag.Switch("background", "Run the task in the background"),
        Flag.Switch("color", "Use ANSI color codes in output"),
        Flag.Switch("no-color", "Disable ANSI color codes in output"),
        Flag.Switch("utc", "Show times in UTC"),
        Flag.Value("wait", "duration", "Maximum wait time for a task to complete", GoDuration.Format(wait)),
        .. OutputFlags.Of("plain|json|yaml"),
    ];
}
