using System.Text;
using System.Text.RegularExpressions;

namespace Forum.Markdown;

/// <summary>Rewrites, before parsing and outside of code, what the Markdown parser has no notion of.</summary>
static partial class Preparation
{
    public static string Prepare(string raw)
    {
        var text = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\0', '\uFFFD');
        if (!text.Contains('[', StringComparison.Ordinal) && !text.Contains('^', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length + 32);
        var notes = new List<string>();
        var fence = "";
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.AsSpan().TrimStart(" >");
            if (fence.Length > 0)
            {
                if (trimmed.StartsWith(fence, StringComparison.Ordinal) && trimmed.TrimEnd().TrimStart(fence[0]).IsEmpty)
                    fence = "";
                result.Append(line).Append('\n');
            }
            else if (trimmed.StartsWith("```", StringComparison.Ordinal) || trimmed.StartsWith("~~~", StringComparison.Ordinal))
            {
                var length = trimmed.Length - trimmed.TrimStart(trimmed[0]).Length;
                fence = new string(trimmed[0], length);
                result.Append(line).Append('\n');
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                result.Append(line).Append('\n');
            }
            else
            {
                result.Append(Line(line, notes)).Append('\n');
            }
        }

        foreach (var (index, note) in notes.Index())
            result.Append("\n[^inline-note-").Append(index + 1).Append("]: ").Append(note).Append('\n');
        return result.ToString();
    }

    static string Line(string line, List<string> notes)
    {
        // [quote]text[/quote] on one line is a block as well; the block parser wants its tags on lines of their own.
        var block = SingleLineBlock().Match(line);
        if (block.Success)
        {
            var prefix = block.Groups["prefix"].Value;
            var name = block.Groups["name"].Value;
            return name.Equals("code", StringComparison.OrdinalIgnoreCase)
                ? line
                : $"{prefix}{block.Groups["open"].Value}\n{prefix}{block.Groups["text"].Value}\n{prefix}[/{name}]";
        }

        if (!line.Contains("^[", StringComparison.Ordinal))
            return line;
        return InlineNote().Replace(line, match =>
        {
            notes.Add(match.Groups["note"].Value);
            return $"[^inline-note-{notes.Count}]";
        });
    }

    [GeneratedRegex(@"^(?<prefix>[ ]{0,3}(?:>[ ]?)*)(?<open>\[(?<name>quote|details|spoiler|wrap|grid)(?:[= ][^\]\n]*)?\])(?<text>.+)\[/\k<name>\][ \t]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SingleLineBlock();

    [GeneratedRegex(@"(?<![`\\])\^\[(?<note>(?:[^\[\]\n`]|\[[^\[\]\n]*\])+)\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex InlineNote();
}
