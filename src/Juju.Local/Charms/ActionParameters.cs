using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Juju.Local.Charms;

/// <summary>
/// Checks an action's parameters against its schema before the task is queued, and fills in defaults: the part of JSON
/// schema that actions.yaml files use. Messages are those of the validator Juju uses.
/// </summary>
static class ActionParameters
{
    /// <returns>The parameters with the defaults of the schema.</returns>
    /// <exception cref="CharmException">They do not fit: <c>validation failed: (root) : "email" property is missing and required, given {}</c>.</exception>
    public static JsonObject Check(ActionDefinition action, JsonObject given)
    {
        var filled = WithDefaults(action.Parameters, given);
        var problems = new List<string>();
        CheckNode(action.Parameters, filled, "(root)", problems);
        return problems.Count == 0 ? filled : throw new CharmException("validation failed: " + string.Join("; ", problems));
    }

    static JsonObject WithDefaults(JsonObject schema, JsonObject given)
    {
        var result = (JsonObject)given.DeepClone();
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is not JsonObject rules)
            {
                continue;
            }

            if (result[name] is JsonObject nested)
            {
                result[name] = WithDefaults(rules, nested);
            }
            else if (!result.ContainsKey(name) && rules["default"] is { } value)
            {
                result[name] = value.DeepClone();
            }
        }

        return result;
    }

    static void CheckNode(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        if (schema["type"] is { } type && !FitsType(type, value))
        {
            problems.Add($"{path} : must be of type {type}, given {Show(value)}");
            return;
        }

        if (schema["enum"] is JsonArray choices && !choices.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            problems.Add($"{path} : must match one of the enum values {choices.ToJsonString()}, given {Show(value)}");
        }

        CheckBounds(schema, value, path, problems);
        if (value is JsonObject map)
        {
            CheckMap(schema, map, path, problems);
        }

        if (value is JsonArray list && schema["items"] is JsonObject items)
        {
            for (var i = 0; i < list.Count; i++)
            {
                CheckNode(items, list[i], $"{path}.{i}", problems);
            }
        }
    }

    static void CheckMap(JsonObject schema, JsonObject map, string path, List<string> problems)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(item => item?.ToString() ?? ""))
        {
            if (!map.ContainsKey(name))
            {
                problems.Add($"{path} : \"{name}\" property is missing and required, given {Show(map)}");
            }
        }

        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, item) in map)
        {
            if (properties[name] is JsonObject rules)
            {
                CheckNode(rules, item, $"{path}.{name}", problems);
            }
            else if (!properties.ContainsKey(name) && schema["additionalProperties"] is JsonValue closed && closed.GetValueKind() == JsonValueKind.False)
            {
                problems.Add($"{path} : additional property \"{name}\" is not allowed, given {Show(map)}");
            }
        }
    }

    static void CheckBounds(JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        if (value is not JsonValue scalar)
        {
            return;
        }

        if (scalar.GetValueKind() == JsonValueKind.String)
        {
            var text = scalar.GetValue<string>();
            if (schema["minLength"] is JsonValue least && text.Length < least.GetValue<long>())
            {
                problems.Add($"{path} : must be at least {least} characters long, given {Show(value)}");
            }

            if (schema["maxLength"] is JsonValue most && text.Length > most.GetValue<long>())
            {
                problems.Add($"{path} : must be at most {most} characters long, given {Show(value)}");
            }

            if (schema["pattern"] is JsonValue pattern && !Regex.IsMatch(text, pattern.ToString(), RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                problems.Add($"{path} : does not match pattern '{pattern}', given {Show(value)}");
            }
        }
        else if (Number(scalar) is { } number)
        {
            if (schema["minimum"] is JsonValue least && number < Number(least))
            {
                problems.Add($"{path} : must be greater than or equal to {least}, given {Show(value)}");
            }

            if (schema["maximum"] is JsonValue most && number > Number(most))
            {
                problems.Add($"{path} : must be less than or equal to {most}, given {Show(value)}");
            }
        }
    }

    static double? Number(JsonValue value) =>
        value.GetValueKind() != JsonValueKind.Number ? null
        : value.TryGetValue<long>(out var whole) ? whole
        : value.TryGetValue<double>(out var real) ? real : double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    static bool FitsType(JsonNode type, JsonNode? value) => type is JsonArray several
        ? several.Any(one => one is not null && FitsType(one, value))
        : (type.ToString(), value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
                or ("null", JsonValueKind.Null) or ("number", JsonValueKind.Number)
                or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            ("integer", JsonValueKind.Number) => Number(value!.AsValue()) is { } number && Math.Floor(number).Equals(number),
            _ => false,
        };

    static string Show(JsonNode? value) => value?.ToJsonString() ?? "null";
}
