using System.Globalization;

namespace Ops;

/// <summary>One relation of an endpoint.</summary>
/// <remarks>Source: ops.Relation.</remarks>
public sealed class Relation
{
    readonly Model model;
    readonly RelationMetadata? meta;
    IReadOnlyList<Unit>? units;
    Application? app;
    bool appRead;

    internal Relation(Model model, string name, int id, bool active)
    {
        this.model = model;
        Name = name;
        Id = id;
        Active = active;
        meta = model.Framework.Meta.Relations.GetValueOrDefault(name);
        Data = new RelationData(model, this);
    }

    /// <summary>The endpoint.</summary>
    public string Name { get; }

    /// <summary>Its number: 7 of <c>db:7</c>.</summary>
    public int Id { get; }

    /// <summary>False in the relation-broken event of this relation: it is over.</summary>
    public bool Active { get; }

    /// <summary>The databags: those of this unit and application, and those of the other side.</summary>
    public RelationData Data { get; }

    /// <summary>The application of the other side (this one, in a peer relation); null if the relation is gone.</summary>
    public Application? App
    {
        get
        {
            if (!appRead)
            {
                appRead = true;
                app = FindApp();
            }

            return app;
        }
    }

    /// <summary>
    /// The units of the other side (of this application, in a peer relation) without this one. In relation-departed the departing unit is
    /// still among them, so that its databag can be read.
    /// </summary>
    public IReadOnlyList<Unit> Units => units ??= ReadUnits();

    /// <summary>The UUID of the model at the other end; this model's unless the relation crosses models.</summary>
    public string RemoteModelUuid => field ??= model.Tools.RelationModelGet(FullId);

    /// <summary>Whether it connects the units of one application.</summary>
    public bool IsPeer => meta?.Role == RelationRole.Peer;

    /// <summary>The form of the hook tools: <c>db:7</c>.</summary>
    internal string FullId => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Id}");

    /// <summary>The form of the hook tools: <c>db:7</c>.</summary>
    public override string ToString() => FullId;

    internal static int NumberOf(string id) => int.Parse(id[(id.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    Application? FindApp()
    {
        if (IsPeer)
        {
            return model.App;
        }

        var variables = model.Framework.Context.EventVariables;
        if (IsOfTheEvent && variables.TryGetValue("JUJU_REMOTE_APP", out var name))
        {
            return model.GetApp(name);
        }

        // The application is the units' (one call less), unless no unit is there.
        if (Units is [var first, ..])
        {
            return first.App;
        }

        try
        {
            return model.Tools.RelationListApp(FullId) is { Length: > 0 } remote ? model.GetApp(remote) : null;
        }
        catch (RelationNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether this dispatch is about this relation.</summary>
    bool IsOfTheEvent => model.Framework.Context.EventVariables.TryGetValue("JUJU_RELATION_ID", out var id) && NumberOf(id) == Id;

    List<Unit> ReadUnits()
    {
        List<Unit> found;
        try
        {
            found = [.. model.Tools.RelationList(FullId).Select(model.GetUnit).Where(u => u != model.Unit)];
        }
        catch (RelationNotFoundException)
        {
            return [];
        }

        // relation-list leaves out the unit that departs, though relation-get still reads it (ops adds it back as well).
        var variables = model.Framework.Context.EventVariables;
        if (IsOfTheEvent && variables.TryGetValue("JUJU_DEPARTING_UNIT", out var departing) && departing != model.Unit.Name)
        {
            var unit = model.GetUnit(departing);
            if (!found.Contains(unit))
            {
                found.Add(unit);
            }
        }

        return found;
    }
}
