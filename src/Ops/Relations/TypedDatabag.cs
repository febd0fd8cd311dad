using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ops;

/// <summary>A databag as an object: each property a key, whose value is JSON. For interfaces that say so.</summary>
/// <remarks>Source: ops.Relation.load and ops.Relation.save.</remarks>
public static class TypedDatabag
{
    /// <summary>Reads a databag. Keys that the type does not have are ignored, as are the addresses that Juju puts there.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <param name="databag">The databag.</param>
    /// <param name="type">How the type is read: a property of the charm's own <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <exception cref="FormatException">A value is not JSON, or not of the property's type, or something required is missing. The other side wrote it: answer with a status.</exception>
    public static T Load<T>(this RelationDataContent databag, JsonTypeInfo<T> type)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(databag);
        ArgumentNullException.ThrowIfNull(type);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (key, value) in (IEnumerable<KeyValuePair<string, string>>)databag)
            {
                if (IsOf(type, key))
                {
                    json.WritePropertyName(key);
                    Write(json, key, value);
                }
            }

            json.WriteEndObject();
        }

        try
        {
            return JsonSerializer.Deserialize(buffer.WrittenSpan, type)!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"cannot read the databag: {e.Message}", e);
        }
    }

    /// <summary>Writes an object to a databag: its properties and nothing else of it is touched. A property that is null removes its key.</summary>
    /// <typeparam name="T">What is written.</typeparam>
    /// <param name="databag">The databag: this unit's, or the application's on the leader.</param>
    /// <param name="value">The object.</param>
    /// <param name="type">How the type is written.</param>
    /// <exception cref="RelationDataAccessException">Juju does not let this unit write there.</exception>
    public static void Save<T>(this RelationDataContent databag, T value, JsonTypeInfo<T> type)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(databag);
        ArgumentNullException.ThrowIfNull(value);
        foreach (var property in JsonSerializer.SerializeToElement(value, type).EnumerateObject())
        {
            databag[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? "" : property.Value.GetRawText();
        }
    }

    static bool IsOf(JsonTypeInfo type, string key)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name == key)
            {
                return true;
            }
        }

        return false;
    }

    static void Write(Utf8JsonWriter json, string key, string value)
    {
        try
        {
            json.WriteRawValue(Encoding.UTF8.GetBytes(value));
        }
        catch (JsonException e)
        {
            throw new FormatException($"cannot read the databag: the value of \"{key}\" is not JSON", e);
        }
    }
}
