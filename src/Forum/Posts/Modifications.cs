using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Forum.Posts;

/// <summary>What a revision changed: a YAML map of names to pairs of old and new, as post_revisions keeps it.</summary>
static class Modifications
{
    public static string Format(IEnumerable<(string Name, string? Old, string? New)> changes)
    {
        var yaml = new StringBuilder("---\n");
        foreach (var (name, old, now) in changes)
            yaml.Append(name).Append(":\n- ").Append(Scalar(name, old)).Append("\n- ").Append(Scalar(name, now)).Append('\n');
        return yaml.ToString();
    }

    /// <summary>A quoted YAML string is written like one of JSON; ids and flags are plain, lists are JSON arrays, which YAML reads too.</summary>
    static string Scalar(string name, string? value) => value is null ? "" : name is "category_id" or "wiki" or "user_id" or "post_type" or "tags"
        ? value
        : $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    public static IReadOnlyDictionary<string, (string Old, string New)> Parse(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlDotNet.Core.YamlException)
        {
            return new Dictionary<string, (string, string)>();
        }

        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode map)
            return new Dictionary<string, (string, string)>();
        return map.Children.Where(pair => pair.Key is YamlScalarNode && pair.Value is YamlSequenceNode { Children.Count: 2 })
            .ToDictionary(pair => ((YamlScalarNode)pair.Key).Value ?? "", pair => (Text(((YamlSequenceNode)pair.Value).Children[0]), Text(((YamlSequenceNode)pair.Value).Children[1])));
    }

    static string Text(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list => string.Join(", ", list.Children.Select(Text)),
        _ => "",
    };
}
