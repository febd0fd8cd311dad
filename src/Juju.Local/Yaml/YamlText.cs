using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Juju.Local.Yaml;

/// <summary>
/// YAML text as JSON nodes, so that one tree serves both formats. Plain scalars are typed as Juju's YAML library and
/// Python's do: <c>true yes on</c> and their opposites are booleans, digits are numbers, <c>null ~</c> and nothing are null.
/// </summary>
static class YamlText
{
    /// <summary>The first document of the text; null if it is empty.</summary>
    /// <exception cref="FormatException">The text is not YAML; the message has the line.</exception>
    public static JsonNode? Parse(string text) => ParseAll(text) is [var first, ..] ? first : null;

    /// <summary>All documents of the text, as a bundle with overlays has them.</summary>
    /// <exception cref="FormatException">The text is not YAML; the message has the line.</exception>
    public static IReadOnlyList<JsonNode?> ParseAll(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(document => Convert(document.RootNode, 0))];
        }
        catch (YamlException broken)
        {
            throw new FormatException($"yaml: line {broken.Start.Line}: {broken.Message}", broken);
        }
    }

    /// <summary>One word, as in <c>juju run app/0 action count=3</c>: its value as YAML, or itself where that is no scalar.</summary>
    public static JsonNode? ParseValue(string text)
    {
        try
        {
            return text.Length == 0 ? JsonValue.Create("") : Parse(text);
        }
        catch (FormatException)
        {
            return JsonValue.Create(text);
        }
    }

    static JsonNode? Convert(YamlNode node, int depth)
    {
        // Aliases may nest without end; no file of a charm comes near.
        if (depth > 100)
        {
            throw new FormatException("yaml: the document is nested too deeply");
        }

        return node switch
        {
            YamlMappingNode map => ConvertMap(map, depth),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(child => Convert(child, depth + 1))]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar when scalar.Tag.IsEmpty => Resolve(scalar.Value ?? ""),
            YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
            _ => throw new FormatException($"yaml: line {node.Start.Line}: unexpected {node.NodeType}"),
        };
    }

    static JsonObject ConvertMap(YamlMappingNode map, int depth)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            var name = (key as YamlScalarNode)?.Value
                ?? throw new FormatException($"yaml: line {key.Start.Line}: a key is not a word");
            if (name == "<<" && Convert(value, depth + 1) is JsonObject merged)
            {
                foreach (var (inherited, content) in merged)
                {
                    result.TryAdd(inherited, content?.DeepClone());
                }

                continue;
            }

            result[name] = Convert(value, depth + 1);
        }

        return result;
    }

    /// <summary>The value that a plain (unquoted) scalar stands for.</summary>
    public static JsonNode? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
            case ".inf" or "-.inf" or ".nan":
                return JsonValue.Create(text);
        }

        if (!char.IsAsciiDigit(text[^1]) && text[^1] != '.' && !text.StartsWith("0x", StringComparison.Ordinal))
        {
            return JsonValue.Create(text);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        if (text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal))
        {
            return JsonValue.Create(hexadecimal);
        }

        return LooksLikeFloat(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? JsonValue.Create(real)
            : JsonValue.Create(text);
    }

    static bool LooksLikeFloat(string text) =>
        text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-' or '+' or 'e' or 'E')
        && text.Any(char.IsAsciiDigit) && (text[0] is '-' or '+' or '.' || char.IsAsciiDigit(text[0]));
}
