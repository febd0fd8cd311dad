using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Ops;

/// <summary>
/// A databag, as a dictionary of texts. This unit may write its own, and the leader that of its application; every other write is refused, as Juju
/// would refuse it. Writes are given to Juju together at the end of the dispatch, which keeps them if the hook succeeds.
/// </summary>
/// <remarks>Source: ops.RelationDataContent. An empty text removes the key: Juju knows no difference.</remarks>
#pragma warning disable CA1710 // The name is that of ops.
public sealed class RelationDataContent : IDictionary<string, string>, IReadOnlyDictionary<string, string>
#pragma warning restore CA1710
{
    readonly Model model;
    readonly Relation relation;
    readonly IRelationEntity entity;
    readonly Dictionary<string, string> changes = [];
    IReadOnlyDictionary<string, string>? read;

    internal RelationDataContent(Model model, Relation relation, IRelationEntity entity)
    {
        this.model = model;
        this.relation = relation;
        this.entity = entity;
    }

    /// <summary>A value by its key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="KeyNotFoundException">Reading: there is no such key.</exception>
    /// <exception cref="RelationDataAccessException">Juju does not let this unit do that.</exception>
    public string this[string key]
    {
        get => TryGetValue(key, out var value)
            ? value
            : throw new KeyNotFoundException($"cannot read \"{key}\" of {entity.Name} in relation \"{relation}\": there is no such key");
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            ArgumentNullException.ThrowIfNull(value);
            CheckWritable();
            changes[key] = value;
        }
    }

    /// <inheritdoc cref="IReadOnlyDictionary{TKey,TValue}.Keys"/>
    public ICollection<string> Keys => Now().Keys;

    /// <inheritdoc cref="IReadOnlyDictionary{TKey,TValue}.Values"/>
    public ICollection<string> Values => Now().Values;

    /// <inheritdoc cref="ICollection{T}.Count"/>
    public int Count => changes.Count == 0 ? Read().Count : Now().Count;

    bool ICollection<KeyValuePair<string, string>>.IsReadOnly => WhyNotWritable() is not null;

    IEnumerable<string> IReadOnlyDictionary<string, string>.Keys => Keys;

    IEnumerable<string> IReadOnlyDictionary<string, string>.Values => Values;

    /// <summary>A value by its key, or null.</summary>
    /// <param name="key">The key.</param>
    public string? Find(string key) => TryGetValue(key, out var value) ? value : null;

    /// <inheritdoc cref="IReadOnlyDictionary{TKey,TValue}.TryGetValue"/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (changes.TryGetValue(key, out value))
        {
            return value.Length > 0;
        }

        return Read().TryGetValue(key, out value);
    }

    /// <inheritdoc cref="IReadOnlyDictionary{TKey,TValue}.ContainsKey"/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public void Add(string key, string value)
    {
        if (ContainsKey(key))
        {
            throw new ArgumentException($"cannot add \"{key}\" to {entity.Name} in relation \"{relation}\": the key is there already");
        }

        this[key] = value;
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string key)
    {
        CheckWritable();
        var there = ContainsKey(key);
        if (there)
        {
            changes[key] = "";
        }

        return there;
    }

    /// <summary>Removes every key, those that Juju put there (addresses) excepted.</summary>
    public void Clear()
    {
        CheckWritable();
        foreach (var key in Keys.Where(k => k is not ("egress-subnets" or "ingress-address" or "private-address")).ToList())
        {
            changes[key] = "";
        }
    }

    /// <summary>Writes several values.</summary>
    /// <param name="values">Values by key; an empty one removes the key.</param>
    public void Update(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (key, value) in values)
        {
            this[key] = value;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Now().GetEnumerator();

    void ICollection<KeyValuePair<string, string>>.Add(KeyValuePair<string, string> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, string>>.Contains(KeyValuePair<string, string> item) =>
        TryGetValue(item.Key, out var value) && value == item.Value;

    void ICollection<KeyValuePair<string, string>>.CopyTo(KeyValuePair<string, string>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, string>>)Now()).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, string>>.Remove(KeyValuePair<string, string> item) =>
        ((ICollection<KeyValuePair<string, string>>)this).Contains(item) && Remove(item.Key);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Flush()
    {
        // A value that is there already would be no change to Juju; where the bag was read anyway, the call is saved.
        Dictionary<string, string> needed = [];
        foreach (var (key, value) in changes)
        {
            if (read is null || read.GetValueOrDefault(key, "") != value)
            {
                needed[key] = value;
            }
        }

        if (needed.Count > 0)
        {
            try
            {
                model.Tools.RelationSet(relation.FullId, entity is Application, needed);
            }
            catch (RelationNotFoundException) when (!relation.Active)
            {
                // The relation went away while it was being broken: nobody is left to read it.
            }
        }

        if (read is not null)
        {
            read = Now();
        }

        changes.Clear();
    }

    Dictionary<string, string> Now()
    {
        var now = new Dictionary<string, string>(Read());
        foreach (var (key, value) in changes)
        {
            if (value.Length == 0)
            {
                now.Remove(key);
            }
            else
            {
                now[key] = value;
            }
        }

        return now;
    }

    IReadOnlyDictionary<string, string> Read()
    {
        if (read is null)
        {
            CheckReadable();
            try
            {
                read = model.Tools.RelationGet(relation.FullId, entity.Name, entity is Application);
            }
            catch (RelationNotFoundException)
            {
                // Gone since the event was sent: read as empty, as ops does.
                read = new Dictionary<string, string>();
            }
        }

        return read;
    }

    void CheckReadable()
    {
        if (entity == model.App && !relation.IsPeer && !model.Unit.IsLeader)
        {
            throw new RelationDataAccessException(
                $"cannot read the databag of application \"{entity.Name}\" in relation \"{relation}\": unit \"{model.Unit.Name}\" is not the leader");
        }
    }

    void CheckWritable()
    {
        if (WhyNotWritable() is { } reason)
        {
            var kind = entity is Application ? "application" : "unit";
            throw new RelationDataAccessException($"cannot write the databag of {kind} \"{entity.Name}\" in relation \"{relation}\": {reason}");
        }
    }

    string? WhyNotWritable() => entity switch
    {
        Unit unit when unit != model.Unit => $"unit \"{model.Unit.Name}\" can write only its own and, as leader, its application's",
        Application app when app != model.App => $"it belongs to another application than unit \"{model.Unit.Name}\"",
        Application when !model.Unit.IsLeader => $"unit \"{model.Unit.Name}\" is not the leader",
        _ => null,
    };
}
