using System.Globalization;
using System.Text;
using Ops.Generators.Charmcraft;
using Ops.Generators.Yaml;

namespace Ops.Generators.Code;

/// <summary>A YAML value as JSON text, in which the defaults of parameters are kept.</summary>
static class Json
{
    public static string Of(YamlNode node) => node switch
    {
        YamlMapping map => $"{{{string.Join(",", map.Entries.Select(e => $"{Quoted(e.Key.Text)}:{Of(e.Value)}"))}}}",
        YamlSequence list => $"[{string.Join(",", list.Items.Select(Of))}]",
        YamlScalar { IsNull: true } => "null",
        YamlScalar { Plain: true } word when YamlWords.Boolean(word.Text) is { } flag => flag ? "true" : "false",
        YamlScalar { Plain: true } number when double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && !double.IsNaN(value) && !double.IsInfinity(value) =>
            long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole.ToString(CultureInfo.InvariantCulture)
                : value.ToString("R", CultureInfo.InvariantCulture),
        YamlScalar text => Quoted(text.Text),
        _ => "null",
    };

    static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            json.Append(c is '"' or '\\' ? $"\\{c}" : c < ' ' ? $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}" : c.ToString());
        }

        return json.Append('"').ToString();
    }
}
