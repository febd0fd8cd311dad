using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juju.Local.Charms;

/// <summary>Typing and checking of the values that config options are set to.</summary>
static class OptionValue
{
    /// <summary>A word of the command line as a value of the option's type.</summary>
    /// <exception cref="CharmException">It is of another type: <c>option "port" expected int, got "x"</c>.</exception>
    public static JsonNode? Parse(OptionDefinition option, string text) => option.Type switch
    {
        "string" => JsonValue.Create(text),
        "secret" => JsonValue.Create(CheckSecret(option, text)),
        "int" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        "float" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => JsonValue.Create(real),
        "boolean" when ParseBoolean(text) is { } flag => JsonValue.Create(flag),
        _ => throw Wrong(option, text),
    };

    /// <summary>A value from a YAML file as a value of the option's type; null stays null (unset).</summary>
    /// <exception cref="CharmException">It is of another type.</exception>
    public static JsonNode? Convert(OptionDefinition option, JsonNode? value)
    {
        if (value is null)
        {
            return null;
        }

        if (value is not JsonValue scalar)
        {
            throw Wrong(option, value.ToJsonString());
        }

        var kind = scalar.GetValueKind();
        return option.Type switch
        {
            "boolean" when kind is JsonValueKind.True or JsonValueKind.False => value.DeepClone(),
            "int" when kind == JsonValueKind.Number && scalar.TryGetValue<long>(out var whole) => JsonValue.Create(whole),
            "float" when kind == JsonValueKind.Number => JsonValue.Create(
                scalar.TryGetValue<double>(out var real) ? real : scalar.GetValue<long>()),
            "string" or "secret" when kind == JsonValueKind.String => Parse(option, scalar.GetValue<string>()),
            _ when kind == JsonValueKind.String => Parse(option, scalar.GetValue<string>()),
            _ => throw Wrong(option, scalar.ToString()),
        };
    }

    // As Go's strconv.ParseBool reads them.
    static bool? ParseBoolean(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => null,
    };

    static string CheckSecret(OptionDefinition option, string text) =>
        text.Length == 0 || text.StartsWith("secret:", StringComparison.Ordinal) ? text : throw Wrong(option, text);

    static CharmException Wrong(OptionDefinition option, string text) =>
        new($"option \"{option.Name}\" expected {option.Type}, got \"{text}\"");
}
