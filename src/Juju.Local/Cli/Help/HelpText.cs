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

    /// <summary>The help of all commands as one page; docs/reference/juju-local-cli.md is this.</summary>
    public static string Reference()
    {
        var text = new StringBuilder("""
            # The juju-local command line

            `juju-local` has the command line of `juju` for one machine: the same verbs, options, output and exit codes (1 for a failure,
            2 for a wrong command line; errors are one `ERROR` on standard error). A program that drives `juju` drives it unchanged.
            This page is written by `juju-local documentation`.

            Where it differs from `juju`, because one machine is no cloud:
            - The controller starts with the first command and keeps its state in `$JUJU_LOCAL_HOME` (default `~/.local/share/juju-local`).
            - Charms of Charmhub are those in the folders of `$JUJU_LOCAL_CHARMS` (default `out/charms`), found by their names.
            - An image is a directory, or `host` for this machine's own programs.
            - `status --format short` has a dash where a unit has no address yet, and the unit's message at the end; `names` is an addition.
            - Offers between models, machines, clouds, credentials and users have no meaning here, and say so.

            `JUJU_MODEL` names the model that a command is about, as `--model` does; `NO_COLOR` turns colours off.


            """);
        foreach (var command in CommandTable.All.Where(command => !command.Hidden).OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            text.Append("## ").Append(command.Name).Append("\n\n```text\n").Append(Own(command)).Append("```\n\n");
        }

        return text.Append("## Options of every command\n\n```text\n").Append(Options(GlobalFlags.All)).Append("```\n").ToString();
    }

    static string Own(Command command)
    {
        var text = Of(command);
        var global = text.IndexOf("\nGlobal Options:", StringComparison.Ordinal);
        var own = text.IndexOf("\nCommand Options:", StringComparison.Ordinal);
        return own < 0 ? text : text[..global] + text[own..];
    }

    static string Options(IReadOnlyList<Flag> flags)
    {
        var text = new StringBuilder();
        Append(text, "", flags);
        return text.ToString().TrimStart();
    }

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
