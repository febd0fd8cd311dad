namespace Pebble.Cli;

/// <summary>What an option's value must be.</summary>
enum ValueKind
{
    /// <summary>It takes none.</summary>
    None,
    Text,
    Duration,
    Number,
}

/// <summary>An option of a command.</summary>
/// <param name="Long">The name after "--"; empty if there is none.</param>
/// <param name="Short">The letter after "-"; NUL if there is none.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Description">What help shows.</param>
sealed record Option(string Long, char Short, ValueKind Kind, string Description)
{
    /// <summary>The only values allowed; empty: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The value if it is not given; empty: none.</summary>
    public string Default { get; init; } = "";

    public bool Required { get; init; }

    /// <summary>"-f, --follow", as messages name it.</summary>
    public string Names =>
        Short == 0 ? "--" + Long : Long.Length == 0 ? $"-{Short}" : $"-{Short}, --{Long}";

    /// <summary>The key under which its value is found.</summary>
    public string Key => Long.Length > 0 ? Long : Short.ToString();

    public static Option Flag(string name, string description) => Make(name, ValueKind.None, description);

    public static Option Text(string name, string description) => Make(name, ValueKind.Text, description);

    public static Option Number(string name, string description) => Make(name, ValueKind.Number, description);

    public static Option Duration(string name, string description) => Make(name, ValueKind.Duration, description);

    static Option Make(string name, ValueKind kind, string description) =>
        name.Length == 1 ? new Option("", name[0], kind, description) : new Option(name, '\0', kind, description);

    public static readonly Option AbsoluteTimes = Flag(
        "abs-time", "Display absolute times (in RFC 3339 format). Otherwise, display relative times up to 60 days, then YYYY-MM-DD.");

    public static readonly Option Format = Text("format", "Output format") with { Choices = ["text", "json", "yaml"], Default = "text" };

    public static readonly Option NoWait = Flag("no-wait", "Do not wait for the operation to finish but just print the change id.");
}

/// <summary>An argument without a dash.</summary>
/// <param name="Name">As help shows it, such as "&lt;service&gt;".</param>
/// <param name="Required">False: it may be left out.</param>
/// <param name="Many">True: all that follow belong to it.</param>
sealed record Positional(string Name, bool Required = true, bool Many = false)
{
    /// <summary>What help says of it; empty: nothing.</summary>
    public string Description { get; init; } = "";
}
