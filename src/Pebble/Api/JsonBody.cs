using System.Text.Json;

namespace Pebble.Api;

/// <summary>
/// A JSON object that a client sent. Members that nobody asks for are ignored, null is as good as absent, and a wrong
/// type is refused in the words of Go's decoder, which clients have seen so far.
/// </summary>
sealed class JsonBody
{
    readonly JsonElement root;
    readonly string refusal;

    JsonBody(JsonElement root, string refusal)
    {
        this.root = root;
        this.refusal = refusal;
    }

    public JsonElement Root => root;

    public static JsonBody Parse(ReadOnlySpan<byte> bytes, string refusal)
    {
        if (bytes.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw ApiError.BadRequest($"{refusal}: EOF");
        }

        try
        {
            // Like Go's decoder: the first value counts, whatever follows it.
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 1000 });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind is JsonValueKind.Object or JsonValueKind.Null
                ? new JsonBody(root, refusal)
                : throw ApiError.BadRequest($"{refusal}: json: cannot unmarshal {GoName(root)} into Go value of type object");
        }
        catch (JsonException e)
        {
            throw ApiError.BadRequest($"{refusal}: {GoSyntaxError(bytes, e)}");
        }
    }

    public JsonBody Wrap(JsonElement element) => new(element, refusal);

    public string String(string name) =>
        Find(name) is not { } value ? "" : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(value, name, "string");

    public bool Bool(string name) => Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(value, name, "bool"),
    };

    public long? Number(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(value, name, "int");

    public IReadOnlyList<string> Strings(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(value, name, "[]string")
        : [.. value.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? each.GetString()! : throw Wrong(each, name, "string"))];

    /// <summary>The members of an object, in order; empty when absent.</summary>
    public IReadOnlyList<JsonProperty> Members(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Object ? throw Wrong(value, name, "map[string]interface {}")
        : [.. value.EnumerateObject()];

    public IReadOnlyList<KeyValuePair<string, string>> StringMap(string name) =>
        [.. Members(name).Select(each => KeyValuePair.Create(each.Name, each.Value.ValueKind switch
        {
            JsonValueKind.String => each.Value.GetString()!,
            JsonValueKind.Null => "",
            _ => throw Wrong(each.Value, name, "string"),
        }))];

    /// <summary>The objects of an array, in order; empty when absent.</summary>
    public IReadOnlyList<JsonBody> Objects(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(value, name, "[]object")
        : [.. value.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.Object ? Wrap(each) : throw Wrong(each, name, "object"))];

    /// <summary>The member, or null when it is absent or null. Names match in any case, as Go's decoder has it.</summary>
    public JsonElement? Find(string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!root.TryGetProperty(name, out var found))
        {
            found = root.EnumerateObject().FirstOrDefault(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        return found.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : found;
    }

    ApiError Wrong(JsonElement value, string name, string type) =>
        ApiError.BadRequest($"{refusal}: json: cannot unmarshal {GoName(value)} into Go struct field .{name} of type {type}");

    static string GoName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    static string GoSyntaxError(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var line = (int)(e.LineNumber ?? 0);
        var rest = bytes;
        while (line-- > 0 && rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            rest = rest[(end + 1)..];
        }

        var column = (int)(e.BytePositionInLine ?? 0);
        return column >= rest.Length
            ? "unexpected EOF"
            : $"invalid character '{(char)rest[column]}' looking for beginning of value";
    }
}
