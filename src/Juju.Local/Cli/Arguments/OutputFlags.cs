namespace Juju.Local.Cli.Arguments;

/// <summary>The two options of commands that show something.</summary>
static class OutputFlags
{
    /// <param name="formats">The first is the default.</param>
    public static IReadOnlyList<Flag> Of(string formats) =>
    [
        Flag.Value("format", "format", $"Specify output format ({formats})", formats.Split('|')[0]),
        Flag.Value("o|output", "file", "Specify an output file"),
    ];
}
