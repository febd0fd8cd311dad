using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ops.Relations.AlertRules;

/// <summary>YAML of a file as dictionaries, lists, texts, numbers and truth values; without reflection, since charms are trimmed.</summary>
static class YamlValue
{
    /// <summary>The first document, or null if the text is not YAML or is empty.</summary>
    public static object? Read(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException)
        {
            return null;
        }

        return stream.Documents.Count > 0 ? Value(stream.Documents[0].RootNode) : null;
    }

    static object? Value(YamlNode node) => node switch
    {
        YamlMappingNode map => Map(map),
        YamlSequenceNode list => list.Children.Select(Value).ToList(),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
        YamlScalarNode scalar => scalar.Value ?? "",
        _ => null,
    };

    static Dictionary<string, object?> Map(YamlMappingNode map)
    {
        var result = new Dictionary<string, object?>();
        foreach (var (key, value) in map.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                result[name] = Value(value);
            }
        }

        return result;
    }

    static object? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text,
    };
}
