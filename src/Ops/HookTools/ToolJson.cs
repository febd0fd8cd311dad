using System.Buffers;
using System.Text.Json;

namespace Ops.HookTools;

/// <summary>Reads the JSON of hook tools and writes what they take on standard input, without reflection.</summary>
static class ToolJson
{
    /// <summary>A map of texts; null counts as empty.</summary>
    public static Dictionary<string, string> Texts(ReadOnlyMemory<byte> json)
    {
        var texts = new Dictionary<string, string>();
        var reader = new Utf8JsonReader(json.Span);
        if (json.IsEmpty || !reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return texts;
        }

        Expect(reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            texts[key] = TextOf(ref reader);
        }

        return texts;
    }

    /// <summary>A list of texts; null counts as empty.</summary>
    public static List<string> List(ReadOnlyMemory<byte> json)
    {
        List<string> texts = [];
        var reader = new Utf8JsonReader(json.Span);
        if (json.IsEmpty || !reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return texts;
        }

        Expect(reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(TextOf(ref reader));
        }

        return texts;
    }

    /// <summary>One text; null counts as the empty one.</summary>
    public static string Text(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        return json.IsEmpty || !reader.Read() || reader.TokenType == JsonTokenType.Null ? "" : TextOf(ref reader);
    }

    /// <summary>A map of strings, whole numbers (long), other numbers (double) and bools; nulls are left out.</summary>
    public static Dictionary<string, object> Scalars(ReadOnlyMemory<byte> json)
    {
        var values = new Dictionary<string, object>();
        var reader = new Utf8JsonReader(json.Span);
        if (json.IsEmpty || !reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return values;
        }

        Expect(reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            object? value = reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.True => true,
                JsonTokenType.False => false,
                JsonTokenType.Number => reader.TryGetInt64(out var whole) ? (object)whole : reader.GetDouble(),
                _ => reader.GetString(),
            };
            if (value is not null)
            {
                values[key] = value;
            }
        }

        return values;
    }

    /// <summary>A map of texts as JSON, which the tools read as the YAML it also is.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyDictionary<string, string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in texts)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static string TextOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.Null:
                return "";
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                using (var document = JsonDocument.ParseValue(ref reader))
                {
                    return document.RootElement.GetRawText();
                }

            default:
                return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    static void Expect(Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException($"expected {token}, got {reader.TokenType}");
        }
    }
}
