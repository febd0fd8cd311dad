using System.Text;

namespace Pebble.Cli;

/// <summary>The help of the program and of each command.</summary>
static class HelpText
{
    const int Columns = 80;

    const string Header = """
        Pebble controls services and manages the system that runs them.

        Usage: pebble <command> [<options>...]

        Commands can be classified as follows:

        """;

    const string Footer = """

        Set the PEBBLE environment variable to use another configuration directory
        (by default /var/lib/pebble/default), and PEBBLE_SOCKET to use another unix
        socket for the API (by default $PEBBLE/.pebble.socket).

        For more information about a command, run 'pebble help <command>'.

        """;

    public static string Short()
    {
        var text = new StringBuilder(Header).Append('\n');
        var width = CommandTable.Categories.Max(category => category.Label.Length) + 2;
        foreach (var category in CommandTable.Categories)
        {
            text.Append(category.Label.PadLeft(width)).Append(": ")
                .AppendJoin(", ", category.Label == "Identities" ? ["identities --help"] : category.Commands).Append('\n');
        }

        return text.Append(Footer).Append("For a short summary of all commands, run 'pebble help --all'.\n").ToString();
    }

    public static string Long()
    {
        var text = new StringBuilder(Header);
        var width = CommandTable.Categories.Max(category => category.Commands.Max(name => name.Length));
        foreach (var category in CommandTable.Categories)
        {
            text.Append('\n').Append($"  {category.Label} ({category.Description}):\n");
            foreach (var name in category.Commands)
            {
                text.Append($"    {name.PadRight(width)}  {CommandTable.Find(name)!.Summary}\n");
            }
        }

        return text.Append(Footer).ToString();
    }

    public static string Of(Command command)
    {
        var text = new StringBuilder($"Usage:\n  pebble {command.Name}");
        if (command.Options.Count > 0)
        {
            text.Append($" [{command.Name}-OPTIONS]");
        }

        foreach (var positional in command.Positionals)
        {
            var name = positional.Many ? positional.Name + "..." : positional.Name;
            text.Append(positional.Required ? $" {name}" : $" [{name}]");
        }

        text.Append("\n\n").Append(command.Description.Trim()).Append('\n');
        var indent = DescriptionColumn(command);
        if (command.Options.Count > 0)
        {
            text.Append($"\n[{command.Name} command options]\n");
            var hasShort = command.Options.Any(option => option.Short != 0);
            foreach (var option in command.Options)
            {
                AppendOption(text, option, hasShort, indent);
            }
        }

        if (command.Positionals.Any(positional => positional.Description.Length > 0))
        {
            text.Append($"\n[{command.Name} command arguments]\n");
            foreach (var positional in command.Positionals)
            {
                AppendDescribed(text, $"  {positional.Name}:", positional.Description, indent);
            }
        }

        return text.ToString();
    }

    static void AppendOption(StringBuilder text, Option option, bool hasShort, int indent)
    {
        var line = new StringBuilder("      ");
        line.Append(option.Short != 0 ? $"-{option.Short}" : hasShort ? "  " : "");
        if (option.Long.Length > 0)
        {
            line.Append(option.Short != 0 ? ", " : hasShort ? "  " : "").Append("--").Append(option.Long);
        }

        if (option.Kind != ValueKind.None)
        {
            line.Append('=').Append(option.Choices.Count > 0 ? $"[{string.Join('|', option.Choices)}]" : "");
        }

        var description = option.Default.Length > 0 ? $"{option.Description} (default: {option.Default})" : option.Description;
        AppendDescribed(text, line.ToString(), description, indent);
    }

    static void AppendDescribed(StringBuilder text, string name, string description, int indent)
    {
        var lines = description.Split('\n').SelectMany(line => Wrap(line, Columns - 1 - indent));
        text.Append(name.PadRight(indent)).AppendJoin("\n" + new string(' ', indent), lines).Append('\n');
    }

    /// <summary>The column where descriptions begin: behind the longest name, whether option or argument.</summary>
    static int DescriptionColumn(Command command)
    {
        var longest = command.Options.Select(option => option.Long.Length + (option.Choices.Count > 0 ? string.Join('|', option.Choices).Length + 2 : 0))
            .Concat(command.Positionals.Select(positional => positional.Name.Length)).DefaultIfEmpty().Max();
        return longest + 12 + (command.Options.Any(option => option.Short != 0) ? 2 : 0);
    }

    /// <summary>Lines of whole words, none longer than the width unless one word is.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
