using System.Text;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Help;

/// <summary>The help of the program and of each command, in juju's layout.</summary>
static class HelpText
{
    const string Starters =
        "add-model deploy integrate status run config exec ssh debug-log add-unit refresh remove-application destroy-model";

    public static string Overview()
    {
        var text = new StringBuilder("""
            juju-local runs Juju charms on this machine: a controller, its unit agents and the juju command line in one program.
            The controller starts with the first command that needs it.

            Usage: juju-local [help] <command>

            Starter commands:


            """);
        foreach (var name in Starters.Split(' '))
        {
            text.Append("    ").Append(name.PadRight(22)).Append(CommandTable.Find(name)!.Summary).Append('\n');
        }

        return text.Append("""

            Example help commands:

                juju-local help <command>    Help on one command
                juju-local help commands     All commands

            """).ToString();
    }

    public static string Commands()
    {
        var text = new StringBuilder();
        foreach (var (name, summary) in Names())
        {
            text.Append(name.PadRight(24)).Append(summary).Append('\n');
        }

        return text.ToString();
    }

    static IEnumerable<(string Name, string Summary)> Names() => CommandTable.All
        .Where(command => !command.Hidden)
        .SelectMany(command => command.Aliases
            .Select(alias => (alias, $"Alias for '{command.Name}'."))
            .Prepend((command.Name, command.Summary)))
        .OrderBy(item => item.Item1, StringComparer.Ordinal);

    public static string Of(Command command)
    {
        var text = new StringBuilder("Usage: juju-local ").Append(command.Name).Append(" [options]");
        if (command.Arguments.Length > 0)
        {
            text.Append(' ').Append(command.Arguments);
        }

        text.Append("\n\nSummary:\n").Append(command.Summary).Append('\n');
        Append(text, "Global Options:", GlobalFlags.All);
        Append(text, "Command Options:", command.AllFlags);
        if (command.Details.Length > 0)
        {
            text.Append("\nDetails:\n").Append(command.Details).Append('\n');
        }

        if (command.Aliases.Count > 0)
        {
            text.Append("\nAliases: ").AppendJoin(", ", command.Aliases).Append('\n');
        }

        if (command.Examples.Count > 0)
        {
            text.Append("\nExamples:\n");
            foreach (var example in command.Examples)
            {
                text.Append("    juju-local ").Append(example).Append('\n');
            }
        }

        return text.ToString();
    }

    static void Append(StringBuilder text, string title, IReadOnlyList<Flag> flags)
    {
        if (flags.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append('\n');
        foreach (var flag in flags)
        {
            var initially = flag.IsSwitch ? "false" : flag.Default.Length > 0 ? flag.Default : "\"\"";
            text.AppendJoin(", ", flag.AllNames.Select(Flag.Typed))
                .Append(flag.IsSwitch || flag.Default.Length > 0 ? "  " : " ")
                .Append("(= ").Append(initially).Append(")\n    ").Append(flag.Help).Append('\n');
        }
    }
}
