using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forum.Tests.OpenApi;

/// <summary>The published API: which body an operation answers with.</summary>
static class Contract
{
    static readonly JsonObject Document = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "discourse-openapi.json")))!.AsObject();

    /// <summary>What is wrong with a body; empty when it is as published.</summary>
    /// <param name="method">In lower case.</param>
    /// <param name="path">As in the document, with its {placeholders}.</param>
    /// <param name="answer">What the forum answered.</param>
    public static IReadOnlyList<string> Problems(string method, string path, Answer answer)
    {
        var responses = Document["paths"]![path]![method]!["responses"]!.AsObject();
        var status = answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!responses.ContainsKey(status))
        {
            return [$"{method} {path} answered {status}: {answer.Body}"];
        }

        if (responses[status]!["content"]?["application/json"]?["schema"] is not JsonObject schema)
        {
            return [];
        }

        var problems = new List<string>();
        Check(schema, JsonNode.Parse(answer.Body), "$", problems);
        return problems;
    }

    static void Check(JsonObject schema, JsonNode? value, string at, List<string> problems)
    {
        if (schema["type"] is { } types && !Types(types).Any(type => Is(type, value)))
        {
            problems.Add($"{at} is {value?.GetValueKind().ToString() ?? "null"}, not {types.ToJsonString()}");
            return;
        }

        switch (value)
        {
            case JsonObject map:
                var properties = schema["properties"] as JsonObject ?? [];
                problems.AddRange((schema["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => !map.ContainsKey(name)).Select(name => $"{at}.{name} is missing"));
                foreach (var (name, item) in map)
                {
                    if (properties[name] is JsonObject inner)
                    {
                        Check(inner, item, $"{at}.{name}", problems);
                    }
                    else if (schema["additionalProperties"] is JsonValue more && !more.GetValue<bool>())
                    {
                        problems.Add($"{at}.{name} is not published");
                    }
                }

                break;
            case JsonArray list when schema["items"] is JsonObject items:
                for (var i = 0; i < list.Count; i++)
                {
                    Check(items, list[i], $"{at}[{i}]", problems);
                }

                break;
        }
    }

    static IEnumerable<string> Types(JsonNode types) => types is JsonArray list ? list.Select(type => type is null ? "null" : (string)type!) : [(string)types!];

    static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && !value.ToJsonString().Contains('.'),
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };
}
