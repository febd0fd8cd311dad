namespace Pebble.Cli;

/// <summary>A heading of the help with its commands.</summary>
sealed record Category(string Label, string Description, IReadOnlyList<string> Commands);

/// <summary>Every command. Those of a noun are in the file of that noun.</summary>
static class CommandTable
{
    public static IReadOnlyList<Category> Categories { get; } =
    [
        new("Run", "run the service manager", ["run"]),
        new("Info", "help and version information", ["help", "version"]),
        new("Plan", "view and change configuration", ["add", "plan", "replan"]),
        new("Services", "manage services", ["services", "logs", "start", "restart", "signal", "stop"]),
        new("Checks", "manage health checks", ["checks", "check", "start-checks", "stop-checks", "health"]),
        new("Files", "work with files and execute commands", ["push", "pull", "ls", "mkdir", "rm", "exec"]),
        new("Changes", "manage changes and their tasks", ["changes", "tasks"]),
        new("Notices", "manage notices and warnings", ["warnings", "okay", "notices", "notice", "notify"]),
        new("Identities", "manage user identities", ["identities", "identity", "add-identities", "update-identities", "remove-identities"]),
    ];

    public static IEnumerable<Command> All =>
    [
        .. DaemonCommands.All, .. InfoCommands.All, .. PlanCommands.All, .. ServiceCommands.All, .. LogsCommand.All, .. CheckCommands.All,
        .. FileCommands.All, .. ExecCommand.All, .. ChangeCommands.All, .. NoticeCommands.All, .. IdentityCommands.All,
    ];

    public static Command? Find(string name) => All.FirstOrDefault(command => command.Name == name);
}
