namespace Juju.Local.Cli.Arguments;

/// <summary>An option of a command.</summary>
/// <param name="Names">Short and long name, <c>n|num-units</c>; the long one is what code asks for.</param>
/// <param name="ValueName">What stands for the value in the help; null: a switch.</param>
/// <param name="Default">As the help shows it.</param>
/// <param name="Repeats">May be given several times.</param>
sealed record Flag(string Names, string Help, string? ValueName = null, string Default = "", bool Repeats = false)
{
    public string Name { get; } = Names[(Names.LastIndexOf('|') + 1)..];

    public IEnumerable<string> AllNames => Names.Split('|');

    public bool IsSwitch => ValueName is null;

    /// <summary>It means nothing on one machine, which the help says and who gives it is told.</summary>
    public bool IsWithoutEffect => Help.StartsWith("Taken and not used", StringComparison.Ordinal) || Help.StartsWith("Kept and shown, and not enforced", StringComparison.Ordinal);

    /// <summary>True or false; <c>--x</c>, <c>--x=false</c>.</summary>
    public static Flag Switch(string names, string help) => new(names, help);

    public static Flag Value(string names, string valueName, string help, string initially = "") => new(names, help, valueName, initially);

    public static Flag List(string names, string valueName, string help) => new(names, help, valueName, Repeats: true);

    /// <summary>The name as it is typed: <c>-n</c> or <c>--num-units</c>.</summary>
    public static string Typed(string name) => name.Length == 1 ? $"-{name}" : $"--{name}";
}

/// <summary>Options that every command takes, as juju's do; most change nothing here, where there is little to debug remotely.</summary>
static class GlobalFlags
{
    public static IReadOnlyList<Flag> All { get; } =
    [
        Flag.Switch("debug", "Equivalent to --show-log --logging-config=<root>=DEBUG"),
        Flag.Switch("h|help", "Show help on a command or other topic."),
        Flag.Value("logging-config", "levels", "Specify log levels for modules"),
        Flag.Switch("q|quiet", "Show no informational output"),
        Flag.Switch("show-log", "If set, write the log file to stderr"),
        Flag.Switch("v|verbose", "Show more verbose output"),
    ];

    public static Flag Model { get; } =
        Flag.Value("m|model", "model", "Model to operate in. Accepts [<controller name>:]<model name>|<model UUID>");

    public static Flag Controller { get; } = Flag.Value("c|controller", "controller", "Controller to operate in");

    public static Flag NoBrowser { get; } = Flag.Switch("B|no-browser-login", "Do not use web browser for authentication");
}
