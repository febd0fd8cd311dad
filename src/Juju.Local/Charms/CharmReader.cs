using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juju.Local.Yaml;

namespace Juju.Local.Charms;

/// <summary>Reads a charm's definition from its files: the split ones where they are, else charmcraft.yaml.</summary>
static partial class CharmReader
{
    /// <exception cref="CharmException">It is not a charm, or not a valid one; the message names the file and key.</exception>
    public static CharmDefinition Read(string path)
    {
        using var files = CharmFiles.Open(path);
        return Read(files, path);
    }

    public static CharmDefinition Read(CharmFiles files, string path)
    {
        var source = Parse(files, "charmcraft.yaml");
        var metadata = Parse(files, "metadata.yaml") ?? source
            ?? throw new CharmException($"\"{path}\" is not a charm: it has no metadata.yaml and no charmcraft.yaml");
        var config = Parse(files, "config.yaml") ?? source?["config"] as JsonObject;
        var actions = Parse(files, "actions.yaml") ?? source?["actions"] as JsonObject;
        var manifest = Parse(files, "manifest.yaml") ?? source;
        var name = Text(metadata, "name");
        if (!NamePattern().IsMatch(name))
        {
            throw new CharmException($"invalid charm name \"{name}\" in \"{path}\"");
        }

        return new CharmDefinition
        {
            Name = name,
            Summary = Text(metadata, "summary"),
            Description = Text(metadata, "description"),
            Subordinate = Flag(metadata, "subordinate"),
            CharmUser = Text(metadata, "charm-user") is { Length: > 0 } user ? user : "root",
            Endpoints = Sorted(
                ReadEndpoints(metadata, "provides", EndpointRole.Provider)
                    .Concat(ReadEndpoints(metadata, "requires", EndpointRole.Requirer))
                    .Concat(ReadEndpoints(metadata, "peers", EndpointRole.Peer)), endpoint => endpoint.Name),
            Containers = Sorted(Children(metadata, "containers").Select(ReadContainer), container => container.Name),
            Resources = Sorted(Children(metadata, "resources").Select(ReadResource), resource => resource.Name),
            Storage = Sorted(Children(metadata, "storage").Select(ReadStorage), storage => storage.Name),
            Options = Sorted(Children(config, "options").Select(ReadOption), option => option.Name),
            Actions = Sorted(Children(actions).Select(ReadAction), action => action.Name),
            Base = ReadBase(manifest),
        };
    }

    static IEnumerable<Endpoint> ReadEndpoints(JsonObject metadata, string key, EndpointRole role) =>
        from item in Children(metadata, key)
        select item.Value is JsonValue shorthand
            ? new Endpoint(item.Key, role, shorthand.ToString())
            : new Endpoint(
                item.Key, role, Text(item.Value, "interface"), Number(item.Value, "limit"), Flag(item.Value, "optional"),
                Text(item.Value, "scope") is "container" ? "container" : "global");

    static ContainerDefinition ReadContainer(KeyValuePair<string, JsonNode?> item) => new(
        item.Key,
        Text(item.Value, "resource") is { Length: > 0 } resource ? resource : null,
        [
            .. from mount in (item.Value as JsonObject)?["mounts"] as JsonArray ?? []
               select new ContainerMount(Text(mount, "storage"), Text(mount, "location") is { Length: > 0 } place ? place : null),
        ],
        OptionalNumber(item.Value, "uid"),
        OptionalNumber(item.Value, "gid"));

    static ResourceDefinition ReadResource(KeyValuePair<string, JsonNode?> item) => new(
        item.Key,
        Text(item.Value, "type") is { Length: > 0 } type ? type : "file",
        Text(item.Value, "filename") is { Length: > 0 } file ? file : null,
        Text(item.Value, "description"),
        Text(item.Value, "upstream-source") is { Length: > 0 } upstream ? upstream : null);

    static StorageDefinition ReadStorage(KeyValuePair<string, JsonNode?> item)
    {
        var (least, most) = (1, 1);
        if ((item.Value as JsonObject)?["multiple"] is JsonObject multiple)
        {
            (least, most) = ReadRange(Text(multiple, "range"));
        }

        return new StorageDefinition(
            item.Key,
            Text(item.Value, "type"),
            Text(item.Value, "location") is { Length: > 0 } place ? place : null,
            Text(item.Value, "minimum-size") is { Length: > 0 } size ? Sizes.ParseMiB(size) : 1024,
            least,
            most,
            Flag(item.Value, "read-only"),
            Flag(item.Value, "shared"),
            Text(item.Value, "description"));
    }

    // "2" exactly two, "0-" any number, "2+" two or more, "1-3".
    static (int Least, int Most) ReadRange(string range)
    {
        var parts = range.TrimEnd('+').Split('-', 2);
        var least = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 1;
        var open = range.EndsWith('+') || range.EndsWith('-');
        var most = open ? -1
            : parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last
            : least;
        return (least, most);
    }

    static OptionDefinition ReadOption(KeyValuePair<string, JsonNode?> item)
    {
        var type = Text(item.Value, "type") is { Length: > 0 } given ? given : "string";
        if (type is not ("string" or "int" or "float" or "boolean" or "secret"))
        {
            throw new CharmException($"invalid config: option \"{item.Key}\" has unknown type \"{type}\"");
        }

        var option = new OptionDefinition(item.Key, type, null, Text(item.Value, "description"));
        try
        {
            return option with { Default = OptionValue.Convert(option, (item.Value as JsonObject)?["default"]) };
        }
        catch (CharmException wrong)
        {
            throw new CharmException($"invalid config default: {wrong.Message}");
        }
    }

    static ActionDefinition ReadAction(KeyValuePair<string, JsonNode?> item)
    {
        var fields = item.Value as JsonObject ?? [];
        var description = Text(fields, "description");
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["title"] = item.Key,
            ["description"] = description,
            ["properties"] = (fields["params"] as JsonObject)?.DeepClone() ?? new JsonObject(),
        };
        foreach (var key in new[] { "required", "additionalProperties" })
        {
            if (fields[key] is { } value)
            {
                schema[key] = value.DeepClone();
            }
        }

        return new ActionDefinition(item.Key, description, schema, Flag(fields, "parallel"), Text(fields, "execution-group"));
    }

    // manifest.yaml and charmcraft.yaml's old form have "bases", its new form "base" or "platforms" of "ubuntu@22.04:amd64".
    static string ReadBase(JsonObject? manifest)
    {
        if (manifest?["bases"] is JsonArray { Count: > 0 } bases)
        {
            var first = (bases[0] as JsonObject)?["run-on"] is JsonArray { Count: > 0 } runOn ? runOn[0] : bases[0];
            if (Text(first, "name") is { Length: > 0 } name)
            {
                return $"{name}@{Text(first, "channel").Split('/')[0]}";
            }
        }

        if (Text(manifest, "base") is { Length: > 0 } single)
        {
            return single;
        }

        var platform = Children(manifest, "platforms").Select(item => item.Key).FirstOrDefault(key => key.Contains('@'));
        return platform?.Split(':')[0] ?? "ubuntu@22.04";
    }

    static JsonObject? Parse(CharmFiles files, string name)
    {
        if (files.ReadText(name) is not { } text)
        {
            return null;
        }

        try
        {
            return YamlText.Parse(text) switch
            {
                null => [],
                JsonObject map => map,
                _ => throw new CharmException($"cannot read {name}: it is not a map"),
            };
        }
        catch (FormatException broken)
        {
            throw new CharmException($"cannot read {name}: {broken.Message}");
        }
    }

    static SortedDictionary<string, T> Sorted<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var sorted = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!sorted.TryAdd(key(item), item))
            {
                throw new CharmException($"charm defines \"{key(item)}\" twice");
            }
        }

        return sorted;
    }

    static JsonObject Children(JsonObject? map, string key) => Children(map?[key] as JsonObject);

    static JsonObject Children(JsonObject? map) => map ?? [];

    static string Text(JsonNode? node, string key) => (node as JsonObject)?[key] is JsonValue value ? value.ToString() : "";

    static bool Flag(JsonNode? node, string key) => (node as JsonObject)?[key] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    static int Number(JsonNode? node, string key) => OptionalNumber(node, key) ?? 0;

    static int? OptionalNumber(JsonNode? node, string key) =>
        (node as JsonObject)?[key] is JsonValue value && value.TryGetValue<long>(out var number) ? (int)number : null;

    [GeneratedRegex("^[a-z](-?[a-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
