using System.Text.Json;

namespace Pebble.State;

/// <summary>Named values that a change or task carries, each kept as JSON text.</summary>
sealed class JsonValues
{
    readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    public bool IsEmpty => values.Count == 0;

    public bool Has(string name) => values.ContainsKey(name);

    public void Set(string name, string value) => values[name] = $"\"{JsonEncodedText.Encode(value)}\"";

    public void Set(string name, long value) => values[name] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public void Set(string name, IEnumerable<string> list) =>
        values[name] = $"[{string.Join(',', list.Select(each => $"\"{JsonEncodedText.Encode(each)}\""))}]";

    /// <param name="name">Replaces what had this name.</param>
    /// <param name="json">Valid JSON.</param>
    public void SetJson(string name, string json) => values[name] = json;

    public bool Remove(string name) => values.Remove(name);

    public string? Json(string name) => values.GetValueOrDefault(name);

    public string? String(string name)
    {
        if (Json(name) is not { } json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString() : null;
    }

    public IReadOnlyList<string> Strings(string name)
    {
        if (Json(name) is not { } json)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(each => each.GetString() ?? "")];
    }

    /// <summary>Writes an object of all values.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, json) in values)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    public void Read(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            values[property.Name] = property.Value.GetRawText();
        }
    }
}
