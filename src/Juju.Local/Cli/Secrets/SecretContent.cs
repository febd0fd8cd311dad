using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juju.Local.Cli.Arguments;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Secrets;

/// <summary>
/// A secret's content from words <c>k=v</c>, <c>k#file=PATH</c>, <c>k#base64=…</c> and a YAML file with the same keys; words win.
/// </summary>
static partial class SecretContent
{
    /// <exception cref="CommandException">A key or value is not valid.</exception>
    public static Dictionary<string, string> Read(IEnumerable<string> words, string? file)
    {
        var content = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in file is null ? [] : ReadFile(file))
        {
            Put(content, key, value);
        }

        foreach (var word in words)
        {
            var (key, value) = KeyValues.Split(word);
            Put(content, key, value);
        }

        return content;
    }

    static IEnumerable<(string Key, string Value)> ReadFile(string path)
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

        return document is JsonObject map
            ? map.Select(item => (item.Key, item.Value is null ? "" : ConfigArguments.Text(item.Value)))
            : throw new CommandException($"cannot read \"{path}\": it is not a map of keys and values");
    }

    static void Put(Dictionary<string, string> content, string key, string value)
    {
        var hash = key.IndexOf('#', StringComparison.Ordinal);
        var kind = hash < 0 ? "" : key[(hash + 1)..];
        key = hash < 0 ? key : key[..hash];
        if (!KeyPattern().IsMatch(key))
        {
            throw new CommandException($"key \"{key}\" not valid: it needs three characters or more, lower-case letters, digits and hyphens, a letter first");
        }

        content[key] = kind switch
        {
            "" => value,
            "file" => InputFile.Read(value),
            "base64" => Decode(key, value),
            _ => throw new CommandException($"key \"{key}#{kind}\" not valid: only #file and #base64 are known"),
        };
        if (content[key].Length == 0)
        {
            throw new CommandException("empty secret value not valid");
        }
    }

    static string Decode(string key, string value)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(value));
        }
        catch (FormatException)
        {
            throw new CommandException($"the value of \"{key}#base64\" is not base64");
        }
    }

    [GeneratedRegex("^[a-z](-?[a-z0-9]){2,}$")]
    private static partial Regex KeyPattern();
}
