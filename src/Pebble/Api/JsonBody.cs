using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Pebble.Formats;

namespace Pebble.Api;

/// <summary>
/// A JSON object that a client sent. Members that nobody asks for are ignored, null is as good as absent, and a wrong
/// type is refused in the words of Go's decoder, which clients have seen so far.
/// </summary>
sealed class JsonBody
{
    readonly JsonElement root;
    readonly string refusal;
    readonly string type;
    readonly string path;

    JsonBody(JsonElement root, string refusal, string type, string path)
    {
        this.root = root;
        this.refusal = refusal;
        this.type = type;
        this.path = path;
    }

    public JsonElement Root => root;

    /// <param name="bytes">What was sent.</param>
    /// <param name="refusal">Begins the message of a 400, such as "cannot decode request body".</param>
    /// <param name="type">What the Go program calls the object in its messages, empty where it has no name there.</param>
    /// <exception cref="ApiError">It is no JSON object.</exception>
    public static JsonBody Parse(ReadOnlySpan<byte> bytes, string refusal, string type = "")
    {
        bytes = WellFormed(bytes);
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
                ? new JsonBody(root, refusal, type, "")
                : throw ApiError.BadRequest($"{refusal}: json: cannot unmarshal {GoName(root)} into Go value of type {TypeName(type)}");
        }
        catch (JsonException)
        {
            // What Go takes and .NET does not is a number with a leading zero: Go sees the zero.
            throw ApiError.BadRequest($"{refusal}: {JsonSyntax.Complaint(bytes) ?? $"json: cannot unmarshal number into Go value of type {TypeName(type)}"}");
        }
    }

    /// <summary>An object inside this one: its own members are named after <paramref name="name"/> in messages.</summary>
    public JsonBody Wrap(JsonElement element, string name, string itsType = "") => new(element, refusal, itsType, $"{path}{name}.");

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

    /// <summary>A user's or group's number.</summary>
    public uint? UserId(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number) ? number : throw Wrong(value, name, "uint32");

    public IReadOnlyList<string> Strings(string name) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(value, name, "[]string")
        : [.. value.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? each.GetString()! : throw Wrong(each, name, "string"))];

    /// <summary>The members of an object, in order; empty when absent.</summary>
    public IReadOnlyList<JsonProperty> Members(string name, string itsType) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Object ? throw Wrong(value, name, itsType)
        : [.. value.EnumerateObject()];

    public IReadOnlyList<KeyValuePair<string, string>> StringMap(string name) =>
        [.. Members(name, "map[string]string").Select(each => KeyValuePair.Create(each.Name, each.Value.ValueKind switch
        {
            JsonValueKind.String => each.Value.GetString()!,
            JsonValueKind.Null => "",
            _ => throw Wrong(each.Value, name, "string"),
        }))];

    /// <summary>The objects of an array, in order; empty when absent.</summary>
    public IReadOnlyList<JsonBody> Objects(string name, string itsType) =>
        Find(name) is not { } value ? []
        : value.ValueKind != JsonValueKind.Array ? throw Wrong(value, name, "[]daemon." + itsType)
        : [.. value.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.Object ? Wrap(each, name, itsType) : throw Wrong(each, name, "daemon." + itsType))];

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

    ApiError Wrong(JsonElement value, string name, string wanted) =>
        ApiError.BadRequest($"{refusal}: json: cannot unmarshal {(wanted == "uint32" && value.ValueKind == JsonValueKind.Number ? $"number {value.GetRawText()}" : GoName(value))} into Go struct field {type}.{path}{name} of type {wanted}");

    static string TypeName(string type) => type.Length > 0 ? "daemon." + type : "object";

    /// <summary>What Go's decoder calls the kind of a value.</summary>
    public static string GoName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    /// <summary>Halves of surrogate pairs and bytes that are no UTF-8 become U+FFFD, as they do in Go.</summary>
    static ReadOnlySpan<byte> WellFormed(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
        }

        byte[]? replaced = null;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '\\')
            {
                continue;
            }

            at++;
            if (HexUnit(bytes, at) is not { } unit || !char.IsSurrogate(unit))
            {
                continue;
            }

            if (char.IsHighSurrogate(unit) && at + 5 < bytes.Length && bytes[at + 5] == '\\' && HexUnit(bytes, at + 6) is { } next && char.IsLowSurrogate(next))
            {
                at += 10;
                continue;
            }

            replaced ??= bytes.ToArray();
            "uFFFD"u8.CopyTo(replaced.AsSpan(at));
        }

        return replaced ?? bytes;
    }

    /// <summary>The unit of UTF-16 that stands at this place as u and four digits, null if none does.</summary>
    static char? HexUnit(ReadOnlySpan<byte> bytes, int at) =>
        at + 5 <= bytes.Length && bytes[at] == 'u' && ushort.TryParse(bytes.Slice(at + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit
            : null;
}
