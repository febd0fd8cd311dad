using System.Globalization;

namespace Ops;

/// <summary>What a deferred event is kept as: texts by name.</summary>
public sealed class EventSnapshot
{
    readonly Model? model;
    readonly Dictionary<string, string> values;

    internal EventSnapshot(Model? model, Dictionary<string, string> values)
    {
        this.model = model;
        this.values = values;
    }

    /// <summary>A text by its name; the empty text if there is none.</summary>
    /// <param name="name">The name.</param>
    public string this[string name]
    {
        get => values.GetValueOrDefault(name, "");
        set => values[name] = value;
    }

    internal IReadOnlyDictionary<string, string> Values => values;

    internal Model Model => model ?? throw new InvalidOperationException("cannot read the model from a snapshot that is being written");

    /// <summary>Keeps a relation.</summary>
    /// <param name="relation">The relation.</param>
    public void SetRelation(Relation relation)
    {
        ArgumentNullException.ThrowIfNull(relation);
        this["relation"] = relation.Name;
        this["relation-id"] = relation.Id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The relation that was kept. If it is gone by now its databags are empty.</summary>
    public Relation GetRelation() =>
        Model.GetRelation(this["relation"], int.Parse(this["relation-id"], CultureInfo.InvariantCulture));

    /// <summary>The application with the name kept as <paramref name="name"/>; null if none was.</summary>
    /// <param name="name">The name of the text.</param>
    public Application? FindApp(string name) => this[name] is { Length: > 0 } app ? Model.GetApp(app) : null;

    /// <summary>The unit with the name kept as <paramref name="name"/>; null if none was.</summary>
    /// <param name="name">The name of the text.</param>
    public Unit? FindUnit(string name) => this[name] is { Length: > 0 } unit ? Model.GetUnit(unit) : null;
}
