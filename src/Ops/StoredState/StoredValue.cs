using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ops;

/// <summary>Values that a charm keeps from one dispatch to the next. Make them in a constructor; a charm that can work a value out anew needs none.</summary>
/// <remarks>Source: ops.StoredState with Juju's storage, one value each and typed.</remarks>
public static class StoredValue
{
    /// <summary>A text.</summary>
    /// <param name="owner">The charm or library whose value it is.</param>
    /// <param name="name">Unique within the owner. Keep it between versions: the value is found by it.</param>
    /// <param name="initial">What it is until it is set.</param>
    public static StoredValue<string> Text(OpsObject owner, string name, string initial = "") => new(owner, name, StoredJson.Default.String, initial);

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="Text"/>
    public static StoredValue<long> Number(OpsObject owner, string name, long initial = 0) => new(owner, name, StoredJson.Default.Int64, initial);

    /// <summary>Yes or no.</summary>
    /// <inheritdoc cref="Text"/>
    public static StoredValue<bool> Flag(OpsObject owner, string name, bool initial = false) => new(owner, name, StoredJson.Default.Boolean, initial);
}

/// <summary>
/// A value that the controller keeps for this unit, as JSON under the key <c>ops.stored/PATH/NAME</c>. It is read when first used, and written at the
/// end of a dispatch that succeeds, if it changed: a list or map that was added to counts as changed.
/// </summary>
/// <typeparam name="T">Its type, which a <see cref="JsonSerializerContext"/> of the charm describes.</typeparam>
public sealed class StoredValue<T> : IStoredValue
{
    /// <summary>Of a value, in bytes; Juju takes no more.</summary>
    const int Limit = 65_536;

    readonly Framework framework;
    readonly string key;
    readonly JsonTypeInfo<T> type;
    readonly T initial;
    T? value;
    bool isRead;

    /// <summary>A value of any type.</summary>
    /// <param name="owner">The charm or library whose value it is.</param>
    /// <param name="name">Unique within the owner. Keep it between versions: the value is found by it.</param>
    /// <param name="type">How it becomes JSON: a property of the charm's own <see cref="JsonSerializerContext"/>.</param>
    /// <param name="initial">What it is until it is set.</param>
    /// <exception cref="InvalidOperationException">The owner has a value of that name.</exception>
    public StoredValue(OpsObject owner, string name, JsonTypeInfo<T> type, T initial)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentException.ThrowIfNullOrEmpty(name);
        framework = owner.Framework;
        key = $"ops.stored/{owner.Path}/{name}";
        this.type = type;
        this.initial = initial;
        framework.Store(key, this);
    }

    /// <summary>The value.</summary>
    /// <exception cref="ModelException">What is kept is not of this type.</exception>
    public T Value
    {
        get
        {
            if (!isRead)
            {
                value = Read();
                isRead = true;
            }

            return value!;
        }

        set
        {
            this.value = value;
            isRead = true;
        }
    }

    void IStoredValue.Save()
    {
        if (!isRead)
        {
            return;
        }

        var text = JsonSerializer.Serialize(value!, type);
        if (!framework.State.Stored.ContainsKey(key) && text == JsonSerializer.Serialize(initial, type))
        {
            return;
        }

        framework.State.Set(key, Encoding.UTF8.GetByteCount(text) <= Limit
            ? text
            : throw new ModelException($"cannot keep the value \"{key}\": it has {Encoding.UTF8.GetByteCount(text)} bytes of JSON, and Juju takes {Limit}"));
    }

    T Read()
    {
        if (!framework.State.Stored.TryGetValue(key, out var text))
        {
            // A copy, so that a list or map that is added to differs from what it was.
            text = JsonSerializer.Serialize(initial, type);
        }

        try
        {
            return JsonSerializer.Deserialize(text, type)!;
        }
        catch (JsonException e)
        {
            throw new ModelException($"cannot read the kept value \"{key}\": {e.Message}; another version of the charm may have written it");
        }
    }
}

/// <summary>A value that is written at the end of a dispatch.</summary>
interface IStoredValue
{
    void Save();
}

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(bool))]
sealed partial class StoredJson : JsonSerializerContext;
