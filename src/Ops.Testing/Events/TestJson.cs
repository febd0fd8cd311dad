using System.Text.Json;

namespace Ops.Testing;

/// <summary>Parameters of actions as the JSON that Juju would give.</summary>
static class TestJson
{
    public static JsonElement Of(object value) => value switch
    {
        JsonElement element => element,
        string text => Parse($"\"{JsonEncodedText.Encode(text)}\""),
        bool flag => Parse(flag ? "true" : "false"),
        IFormattable number => Parse(number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"cannot give {value.GetType().Name} to an action: use string, int, long, double, bool or JsonElement"),
    };

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
