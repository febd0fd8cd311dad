using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forum.Tests.OpenApi;

/// <summary>The part of JSON Schema that the published API uses: types, required and additional properties, items, enums, patterns and bounds.</summary>
static class JsonSchema
{
    static readonly HashSet<string> Known =
    [
        "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "maximum", "nullable", "description", "example", "format", "default", "title", "deprecated",
        "minItems", "maxItems", "uniqueItems", "const", "$schema", "definitions", "anyOf", "oneOf",
    ];

    /// <summary>What is wrong, each with its place; empty when the value is valid.</summary>
    public static List<string> Check(JsonNode? value, JsonNode? schema, string place = "$")
    {
        var problems = new List<string>();
        Check(value, schema as JsonObject ?? [], place, problems);
        return problems;
    }

    static void Check(JsonNode? value, JsonObject schema, string place, List<string> problems)
    {
        foreach (var keyword in schema.Select(pair => pair.Key).Where(key => !Known.Contains(key)))
            problems.Add($"{place}: the schema's keyword {keyword} is not understood");
        if (schema["anyOf"] is JsonArray any && !any.Any(one => Check(value, one, place).Count == 0))
            problems.Add($"{place}: fits none of the alternatives");
        var types = schema["type"] switch { JsonArray many => [.. many.Select(one => one!.ToString())], JsonNode one => new[] { one.ToString() }, _ => [] };
        var actual = TypeOf(value);
        if (types.Length > 0 && !types.Contains(actual) && !(actual == "integer" && types.Contains("number")) && !(value is null && (bool?)schema["nullable"] == true))
        {
            problems.Add($"{place}: is {actual}, not {string.Join('/', types)}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            problems.Add($"{place}: {value?.ToJsonString() ?? "null"} is not one of {allowed.ToJsonString()}");
        if (schema["pattern"] is JsonValue pattern && value is JsonValue text && !Regex.IsMatch(text.ToString(), pattern.ToString()))
            problems.Add($"{place}: does not match {pattern}");
        if (schema["minimum"] is JsonValue least && value is JsonValue number && number.GetValue<double>() < least.GetValue<double>())
            problems.Add($"{place}: is below {least}");
        switch (value)
        {
            case JsonObject map:
                CheckObject(map, schema, place, problems);
                break;
            case JsonArray list when schema["items"] is JsonObject items:
                foreach (var (at, item) in list.Index())
                    Check(item, items, $"{place}[{at}]", problems);
                break;
        }
    }

    static void CheckObject(JsonObject map, JsonObject schema, string place, List<string> problems)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(one => one!.ToString()).Where(name => !map.ContainsKey(name)))
            problems.Add($"{place}.{name}: is missing");
        foreach (var (name, value) in map)
        {
            if (properties[name] is JsonObject property)
                Check(value, property, $"{place}.{name}", problems);
            else if (!properties.ContainsKey(name) && schema["additionalProperties"] is JsonValue more && more.GetValueKind() == JsonValueKind.False)
                problems.Add($"{place}.{name}: is not in the schema");
        }
    }

    static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        JsonValue one => one.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => one.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
            _ => "null",
        },
        _ => "unknown",
    };
}
