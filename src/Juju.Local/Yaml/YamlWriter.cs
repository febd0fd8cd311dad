using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juju.Local.Yaml;

/// <summary>
/// JSON nodes as YAML text, in the form that Juju's commands print: two spaces a level, lists at their key's own
/// indentation, strings of several lines as literal blocks, quotes only where a reader would take the word for something else.
/// </summary>
static class YamlWriter
{
    /// <summary>The whole document, ending in a newline.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteBlock(text, node, 0, afterKey: false);
        return text.ToString();
    }

    static void WriteBlock(StringBuilder text, JsonNode? node, int indent, bool afterKey)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                if (afterKey)
                {
                    text.Append('\n');
                }

                WriteMap(text, map, indent, firstIsIndented: false);
                break;
            case JsonArray { Count: > 0 } list:
                if (afterKey)
                {
                    text.Append('\n');
                    indent = Math.Max(0, indent - 2);
                }

                WriteList(text, list, indent);
                break;
            default:
                text.Append(afterKey ? " " : "").Append(Scalar(node, indent)).Append('\n');
                break;
        }
    }

    static void WriteMap(StringBuilder text, JsonObject map, int indent, bool firstIsIndented)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', firstIsIndented ? 0 : indent).Append(Quote(key)).Append(':');
            firstIsIndented = false;
            WriteBlock(text, value, indent + 2, afterKey: true);
        }
    }

    static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-').Append(' ');
            if (item is JsonObject { Count: > 0 } map)
            {
                WriteMap(text, map, indent + 2, firstIsIndented: true);
            }
            else if (item is JsonArray { Count: > 0 } inner)
            {
                var nested = new StringBuilder();
                WriteList(nested, inner, indent + 2);
                text.Append(nested.ToString().AsSpan(indent + 2));
            }
            else
            {
                text.Append(Scalar(item, indent + 2)).Append('\n');
            }
        }
    }

    static string Scalar(JsonNode? node, int indent) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => Text(value.GetValue<string>(), indent),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => Number(value),
        },
        _ => "null",
    };

    static string Number(JsonValue value) =>
        value.TryGetValue<double>(out var real) && !value.TryGetValue<long>(out _)
            ? real.ToString("R", CultureInfo.InvariantCulture)
            : value.ToJsonString();

    static string Text(string text, int indent)
    {
        if (!text.Contains('\n') || text.Any(letter => char.IsControl(letter) && letter is not '\n' and not '\t')
            || text.Split('\n').Any(line => line.Length > 0 && line[^1] is ' ' or '\t'))
        {
            return Quote(text);
        }

        var body = text.TrimEnd('\n');
        if (body.Length == 0)
        {
            return Quote(text);
        }

        var chomping = (text.Length - body.Length) switch { 0 => "-", 1 => "", _ => "+" };
        var block = new StringBuilder("|");
        if (body[0] is ' ' or '\n')
        {
            block.Append('2');
        }

        block.Append(chomping);
        foreach (var line in (chomping == "+" ? text[..^1] : body).Split('\n'))
        {
            block.Append('\n');
            if (line.Length > 0)
            {
                block.Append(' ', Math.Max(indent, 2)).Append(line);
            }
        }

        return block.ToString();
    }

    /// <summary>A string on one line: as it is, or quoted where it would be read as something else.</summary>
    public static string Quote(string text)
    {
        if (text.Length == 0)
        {
            return "\"\"";
        }

        if (text.Any(letter => char.IsControl(letter) || letter is '\uFEFF' or '\u2028' or '\u2029' || char.IsSurrogate(letter)))
        {
            return DoubleQuote(text);
        }

        if (IsTyped(text))
        {
            return $"\"{text}\"";
        }

        return IsPlain(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    // Words that some YAML reader takes for a boolean, a number, null, a date or a merge key.
    static bool IsTyped(string text) =>
        text is "y" or "Y" or "n" or "N" or "=" or "<<" or ".inf" or "-.inf" or ".nan"
        || YamlText.Resolve(text) is not JsonValue value || value.GetValueKind() != JsonValueKind.String
        || (text.Length >= 8 && char.IsAsciiDigit(text[0]) && text[4] == '-'
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _));

    static bool IsPlain(string text)
    {
        if (text[0] == ' ' || text[^1] is ' ' or ':')
        {
            return false;
        }

        if (text[0] is '-' or '?' or ':')
        {
            if (text.Length == 1 || text[1] == ' ')
            {
                return false;
            }
        }
        else if (",[]{}#&*!|>'\"%@`".Contains(text[0]))
        {
            return false;
        }

        return text is not ("---" or "...")
            && !text.StartsWith("--- ", StringComparison.Ordinal)
            && !text.Contains(": ", StringComparison.Ordinal)
            && !text.Contains(" #", StringComparison.Ordinal);
    }

    static string DoubleQuote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '"': quoted.Append("\\\""); break;
                case '\\': quoted.Append("\\\\"); break;
                case '\n': quoted.Append("\\n"); break;
                case '\t': quoted.Append("\\t"); break;
                case '\r': quoted.Append("\\r"); break;
                case < ' ' or '\x7f' or (>= '\x80' and <= '\x9f') or '\uFEFF' or '\u2028' or '\u2029':
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
                    break;
                default: quoted.Append(letter); break;
            }
        }

        return quoted.Append('"').ToString();
    }
}
