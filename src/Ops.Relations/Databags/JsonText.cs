using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ops.Relations.Databags;

/// <summary>
/// JSON as Python's <c>json.dumps</c> writes it: a space after each comma and colon, everything but ASCII escaped. The
/// other side of most relations is such a charm, and so was this one before a refresh: equal bytes are no change, and a
/// databag without a change raises no event.
/// </summary>
public sealed class JsonText
{
    readonly StringBuilder text;
    readonly bool sorted;
    readonly bool ascii;

    JsonText(StringBuilder text, bool sorted, bool ascii)
    {
        this.text = text;
        this.sorted = sorted;
        this.ascii = ascii;
    }

    /// <summary>
    /// The text of a value made of dictionaries with string keys, lists, strings, booleans, numbers and null.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="sorted">Whether members are written in order of their names, instead of the dictionary's order.</param>
    /// <exception cref="ArgumentException">The value contains something else.</exception>
    public static string Of(object? value, bool sorted = false)
    {
        var text = new StringBuilder();
        new JsonText(text, sorted, ascii: true).Write(value);
        return text.ToString();
    }

    /// <summary>
    /// The same with letters of all scripts as they are, for readers that take JSON as YAML: YAML has no escape for the
    /// two halves that JSON makes of a letter such as an emoji.
    /// </summary>
    public static string Readable(object? value)
    {
        var text = new StringBuilder();
        new JsonText(text, sorted: false, ascii: false).Write(value);
        return text.ToString();
    }

    /// <summary>The value of a JSON document as dictionaries, lists, strings, booleans, numbers and null.</summary>
    public static object? ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ToMap(element),
        JsonValueKind.Array => element.EnumerateArray().Select(ToValue).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble(),
        _ => null,
    };

    static Dictionary<string, object?> ToMap(JsonElement element)
    {
        var map = new Dictionary<string, object?>();
        foreach (var member in element.EnumerateObject())
        {
            map[member.Name] = ToValue(member.Value);
        }

        return map;
    }

    void Write(object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                Quote(s);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case int or long or double:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                Members(sorted ? map.OrderBy(m => m.Key, StringComparer.Ordinal) : map);
                break;
            case IEnumerable<KeyValuePair<string, string>> map:
                Members(map.Select(m => KeyValuePair.Create(m.Key, (object?)m.Value)));
                break;
            case IEnumerable list:
                Items(list);
                break;
            default:
                throw new ArgumentException($"cannot write {value.GetType()} as JSON", nameof(value));
        }
    }

    void Members(IEnumerable<KeyValuePair<string, object?>> members)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in members)
        {
            text.Append(separator);
            Quote(name);
            text.Append(": ");
            Write(value);
            separator = ", ";
        }

        text.Append('}');
    }

    void Items(IEnumerable items)
    {
        text.Append('[');
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            Write(item);
            separator = ", ";
        }

        text.Append(']');
    }

    void Quote(string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or (>= '\u007f' and <= '\u009f') or '\ufffe' or '\uffff' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                > '~' when ascii => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
