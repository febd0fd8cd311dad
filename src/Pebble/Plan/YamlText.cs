using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pebble.Plan;

/// <summary>
/// Writes YAML as clients of the Go daemon have always got it: four spaces of indent, list items below their key, and
/// strings quoted where YAML 1.1 or 1.2 would take them for something else.
/// </summary>
sealed partial class YamlText
{
    public const int IndentWidth = 4;

    readonly StringBuilder text = new();
    int depth;

    public override string ToString() => text.Length == 0 ? "{}\n" : text.ToString();

    /// <summary>A key with a map below it, which is written by <paramref name="write"/>.</summary>
    public void Map(string key, Action write)
    {
        Key(key);
        var before = text.Length;
        text.Append('\n');
        depth++;
        write();
        depth--;
        if (text.Length == before + 1)
        {
            text.Length = before;
            text.Append(" {}\n");
        }
    }

    public void Strings(string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            List(key, values);
        }
    }

    /// <summary>Shown even when it is empty.</summary>
    public void List(string key, IReadOnlyList<string> values)
    {
        Key(key);
        text.Append(values.Count == 0 ? " []\n" : "\n");
        depth++;
        foreach (var value in values)
        {
            Indent();
            text.Append("- ").Append(Scalar(value, (depth + 1) * IndentWidth)).Append('\n');
        }

        depth--;
    }

    public void StringMap(string key, SortedMap map)
    {
        if (map.Count > 0)
        {
            Map(key, () =>
            {
                foreach (var (name, value) in map)
                {
                    Always(name, value);
                }
            });
        }
    }

    /// <summary>Left out when empty.</summary>
    public void Text(string key, string value)
    {
        if (value.Length > 0)
        {
            Always(key, value);
        }
    }

    public void Always(string key, string value)
    {
        Key(key);
        text.Append(' ').Append(Scalar(value, (depth + 1) * IndentWidth)).Append('\n');
    }

    /// <summary>Left out when null.</summary>
    public void Number(string key, double? value)
    {
        if (value is { } number)
        {
            Key(key);
            text.Append(' ').Append(number.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    public void Duration(string key, TimeSpan? value)
    {
        if (value is { } duration)
        {
            Always(key, GoDuration.Format(duration));
        }
    }

    void Key(string key)
    {
        Indent();
        text.Append(Scalar(key, 0)).Append(':');
    }

    void Indent() => text.Append(' ', depth * IndentWidth);

    /// <summary>A string, quoted if it has to be.</summary>
    /// <param name="value">The string.</param>
    /// <param name="column">Where the lines of a block begin.</param>
    public static string Scalar(string value, int column)
    {
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            return CanBeBlock(value) ? Block(value, column) : DoubleQuoted(value);
        }

        return LooksLikeAnotherType(value) || value.Any(each => each < ' ' || each == '\x7f') ? DoubleQuoted(value)
            : CanBePlain(value) ? value
            : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>A block cannot hold lines that end in spaces, nor begin with a space without saying so.</summary>
    static bool CanBeBlock(string value) =>
        !value.Contains(" \n", StringComparison.Ordinal) && !value.EndsWith(' ') && value[0] is not (' ' or '\n')
        && !value.Any(each => each is < ' ' and not ('\n' or '\t'));

    static string Block(string value, int column)
    {
        var block = new StringBuilder(value.EndsWith("\n\n", StringComparison.Ordinal) ? "|+" : value.EndsWith('\n') ? "|" : "|-");
        foreach (var line in (value.EndsWith('\n') ? value[..^1] : value).Split('\n'))
        {
            block.Append('\n');
            if (line.Length > 0)
            {
                block.Append(' ', column).Append(line);
            }
        }

        return block.ToString();
    }

    static string DoubleQuoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var each in value)
        {
            _ = each switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                '\0' => quoted.Append("\\0"),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\x1b' => quoted.Append("\\e"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)each:X2}"),
                _ => quoted.Append(each),
            };
        }

        return quoted.Append('"').ToString();
    }

    static bool CanBePlain(string value)
    {
        if (value[0] is ' ' || value[^1] is ' ' || value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal)
            || "#,[]{}&*!|>'\"%@`".Contains(value[0], StringComparison.Ordinal)
            || (value[0] is '-' or '?' or ':' && (value.Length == 1 || value[1] == ' ')))
        {
            return false;
        }

        for (var index = 1; index < value.Length; index++)
        {
            if ((value[index] == ':' && (index == value.Length - 1 || value[index + 1] == ' ')) || (value[index] == '#' && value[index - 1] == ' '))
            {
                return false;
            }
        }

        return true;
    }

    static bool LooksLikeAnotherType(string value) =>
        value is "" or "~" or "null" or "Null" or "NULL" or "<<" or "y" or "Y" or "n" or "N" || value.ToUpperInvariant() switch
        {
            "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" => IsLowerOrTitleOrUpper(value),
            ".INF" or "+.INF" or "-.INF" or ".NAN" => true,
            _ => char.IsAsciiDigit(value[0]) || value[0] is '+' or '-' or '.' ? Number().IsMatch(value) : false,
        };

    static bool IsLowerOrTitleOrUpper(string value) =>
        value.All(char.IsLower) || value.All(char.IsUpper) || (char.IsUpper(value[0]) && value.Skip(1).All(char.IsLower));

    [GeneratedRegex("""
        ^( [-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?
        | [-+]?0x[0-9a-fA-F_]+ | [-+]?0o?[0-7_]+ | [-+]?0b[01_]+
        | [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
        | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\ ].*)? )$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
