using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juju.Local.Yaml;

namespace Juju.Local.HookTools;

/// <summary>The formats of tools that read: smart, yaml and json.</summary>
static class ToolFormat
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode? value, string? format, string otherwise = "smart") => (format ?? otherwise) switch
    {
        "json" => (value?.ToJsonString(Json) ?? "null") + "\n",
        "yaml" => YamlWriter.Write(value),
        "smart" => WriteSmart(value),
        var unknown => throw ToolException.Usage(
            $"invalid value \"{unknown}\" for option --format: unknown format \"{unknown}\""),
    };

    static string WriteSmart(JsonNode? value) => value switch
    {
        null => "",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>() is { Length: > 0 } text ? text + "\n" : "",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.True => "True\n",
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.False => "False\n",
        JsonArray { Count: 0 } => "",
        JsonArray list when list.All(item => item?.GetValueKind() == JsonValueKind.String) =>
            string.Concat(list.Select(item => item!.GetValue<string>() + "\n")),
        _ => YamlWriter.Write(value),
    };

    public static JsonArray Strings(IEnumerable<string> items) => [.. items.Select(item => (JsonNode?)item)];

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> items) =>
        [.. items.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))];
}
