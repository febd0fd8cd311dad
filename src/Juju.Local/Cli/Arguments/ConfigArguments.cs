using System.Text.Json;
using System.Text.Json.Nodes;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Arguments;

/// <summary>
/// Values of <c>--config</c>: pairs <c>k=v</c> (<c>k=@file</c>: the file's content), and files of YAML, keyed by application or
/// plain. A later pair wins over a file.
/// </summary>
static class ConfigArguments
{
    /// <param name="application">Whose part of a file is meant; null: the file is not keyed.</param>
    public static Dictionary<string, string> Read(IEnumerable<string> words, string? application)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var pairs = new List<string>();
        foreach (var word in words)
        {
            if (word.Contains('='))
            {
                pairs.Add(word);
                continue;
            }

            foreach (var (key, value) in File(word, application))
            {
                result[key] = value;
            }
        }

        foreach (var (key, value) in KeyValues.Parse(pairs))
        {
            result[key] = KeyValues.Content(value);
        }

        return result;
    }

    /// <summary>The options of a YAML file; where its top is keyed by the application, that part.</summary>
    /// <exception cref="CommandException">It cannot be read, or is no map.</exception>
    public static Dictionary<string, string> File(string path, string? application)
    {
        JsonNode? document;
        try
        {
            document = YamlText.Parse(InputFile.Read(path));
        }
        catch (FormatException broken)
        {
            throw new CommandException($"cannot read \"{path}\": {broken.Message}");
        }

        if (document is not JsonObject map)
        {
            throw new CommandException($"cannot read \"{path}\": it is not a map of options");
        }

        if (application is not null && map.Count > 0 && map.All(item => item.Value is JsonObject))
        {
            map = map[application] as JsonObject
                ?? throw new CommandException($"\"{path}\" has no settings of application \"{application}\"");
        }

        // What `juju config APP` printed may be given back: the values are under "settings".
        if (map["settings"] is JsonObject settings)
        {
            map = new JsonObject(settings
                .Where(item => item.Value is JsonObject option && option["source"]?.ToString() == "user" && option.ContainsKey("value"))
                .Select(item => KeyValuePair.Create(item.Key, item.Value!["value"]?.DeepClone())));
        }

        return map.Where(item => item.Value is not null)
            .ToDictionary(item => item.Key, item => Text(item.Value!), StringComparer.Ordinal);
    }

    /// <summary>A scalar as the controller takes it: text that the option's type is read from.</summary>
    public static string Text(JsonNode value) => value is JsonValue scalar
        ? scalar.GetValueKind() switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => scalar.ToString(),
        }
        : value.ToJsonString();
}
