using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Output;

/// <summary>Output for programs: one tree of nodes, written as JSON or as YAML.</summary>
static class Documents
{
    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON on one line, ending in a newline.</summary>
    public static string Json(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>The node in the format that was asked for: <c>json</c> or <c>yaml</c>.</summary>
    public static string Write(JsonNode? node, string format) => format == "json" ? Json(node) : YamlWriter.Write(node);

    /// <summary>Adds the member unless it is empty: Juju leaves out what is.</summary>
    public static JsonObject With(this JsonObject map, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            map[key] = value;
        }

        return map;
    }

    public static JsonObject With(this JsonObject map, string key, JsonNode? value)
    {
        if (value is not null and not JsonObject { Count: 0 } and not JsonArray { Count: 0 })
        {
            map[key] = value;
        }

        return map;
    }

    public static JsonObject WithFlag(this JsonObject map, string key, bool value)
    {
        if (value)
        {
            map[key] = true;
        }

        return map;
    }

    public static JsonArray List(IEnumerable<string> words) => [.. words.Select(word => (JsonNode?)JsonValue.Create(word))];

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var map = new JsonObject();
        foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            map[key] = value;
        }

        return map;
    }

    /// <summary>RFC 3339 to the second, in UTC.</summary>
    public static string Rfc3339(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>2026-01-01 10:00:00 +0000 UTC</c>, as Go prints a time.</summary>
    public static string GoTime(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture);
}
