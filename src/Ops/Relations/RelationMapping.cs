using System.Globalization;

namespace Ops;

/// <summary>The relations of this unit by endpoint, each list read when asked for.</summary>
/// <remarks>Source: ops.RelationMapping.</remarks>
public sealed class RelationMapping
{
    readonly Model model;
    readonly Dictionary<string, IReadOnlyList<Relation>> lists = [];
    
    // A list, for there are few: a dictionary by number would be compiled when the charm starts, not ahead.
    readonly List<Relation> relations = [];
    readonly int? broken;

    internal RelationMapping(Model model)
    {
        this.model = model;
        var context = model.Framework.Context;
        if (context.EventName is { } name && name.EndsWith("_relation_broken", StringComparison.Ordinal)
            && context.EventVariables.TryGetValue("JUJU_RELATION_ID", out var id))
        {
            broken = Relation.NumberOf(id);
        }
    }

    /// <summary>The relations of an endpoint, without one that this event breaks.</summary>
    /// <param name="endpoint">As in charmcraft.yaml.</param>
    /// <exception cref="ModelException">charmcraft.yaml does not declare it.</exception>
    public IReadOnlyList<Relation> this[string endpoint]
    {
        get
        {
            if (!lists.TryGetValue(endpoint, out var list))
            {
                if (!model.Framework.Meta.Relations.ContainsKey(endpoint))
                {
                    throw new ModelException($"cannot read the relations of \"{endpoint}\": charmcraft.yaml does not declare that endpoint");
                }

                List<Relation> found = [];
                foreach (var id in model.Tools.RelationIds(endpoint))
                {
                    if (Relation.NumberOf(id) is var number && number != broken)
                    {
                        found.Add(Get(endpoint, number));
                    }
                }

                lists[endpoint] = list = found;
            }

            return list;
        }
    }

    internal Relation Get(string endpoint, int id)
    {
        var relation = relations.Find(known => known.Id == id);
        if (relation is null)
        {
            relations.Add(relation = new Relation(model, endpoint, id, active: id != broken));
        }

        return relation.Name == endpoint
            ? relation
            : throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"cannot get relation \"{endpoint}:{id}\": {id} is \"{relation}\""));
    }

    internal void Flush()
    {
        foreach (var relation in relations)
        {
            relation.Data.Flush();
        }
    }
}
