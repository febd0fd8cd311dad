using System.Collections.Immutable;
using Juju.Local.Charms;

namespace Juju.Local.State;

sealed record RelationRecord
{
    public required int Id { get; init; }

    public Life Life { get; init; }

    /// <summary>One of a peer relation, else two, the provider first.</summary>
    public required ImmutableList<RelationSide> Sides { get; init; }

    /// <summary>Each application's databag.</summary>
    public ImmutableSortedDictionary<string, Bag> Applications { get; init; } = ImmutableSortedDictionary<string, Bag>.Empty;

    /// <summary>Each unit that is or was in scope, with its databag.</summary>
    public ImmutableSortedDictionary<string, Bag> Units { get; init; } = ImmutableSortedDictionary<string, Bag>.Empty;

    /// <summary>Units that the other side can see.</summary>
    public ImmutableSortedSet<string> InScope { get; init; } = [];

    public bool IsPeer => Sides.Count == 1;

    /// <summary><c>a:x b:y</c>, the requirer first, as Juju writes it.</summary>
    public string Key => IsPeer ? Sides[0].ToString() : $"{Sides[1]} {Sides[0]}";

    public bool Has(string application) => Sides.Any(side => side.Application == application);

    /// <summary>The application's own side. Of a relation with itself, the provider's.</summary>
    public RelationSide SideOf(string application) => Sides.First(side => side.Application == application);

    /// <summary>The side that the application talks to; its own in a peer relation.</summary>
    public RelationSide OtherSide(string application) =>
        Sides.FirstOrDefault(side => side.Application != application) ?? Sides[^1];

    public Bag BagOf(string entity) =>
        (entity.Contains('/') ? Units : Applications).GetValueOrDefault(entity) ?? Bag.Empty;
}

sealed record RelationSide(string Application, string Endpoint, string Interface, EndpointRole Role, string Scope = "global")
{
    public override string ToString() => $"{Application}:{Endpoint}";
}

/// <summary>A databag. The version counts changes of content, so that each is told once.</summary>
sealed record Bag(int Version, ImmutableSortedDictionary<string, string> Data)
{
    public static Bag Empty { get; } = new(0, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>With keys set, and those of empty value removed.</summary>
    public Bag With(IEnumerable<KeyValuePair<string, string>> changes)
    {
        var data = Data;
        foreach (var (key, value) in changes)
        {
            data = value.Length == 0 ? data.Remove(key) : data.SetItem(key, value);
        }

        return ReferenceEquals(data, Data) ? this : new Bag(Version + 1, data);
    }
}
