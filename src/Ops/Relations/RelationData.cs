namespace Ops;

/// <summary>The databags of one relation, by unit or application.</summary>
/// <remarks>Source: ops.RelationData.</remarks>
public sealed class RelationData
{
    readonly Model model;
    readonly Relation relation;
    readonly Dictionary<IRelationEntity, RelationDataContent> bags = [];

    internal RelationData(Model model, Relation relation)
    {
        this.model = model;
        this.relation = relation;
    }

    /// <summary>The databag of a unit or an application, read when first used. Of one that is not in the relation it is empty.</summary>
    /// <param name="entity">This unit, this application, or one of the other side.</param>
    public RelationDataContent this[IRelationEntity entity]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(entity);
            if (!bags.TryGetValue(entity, out var bag))
            {
                bags[entity] = bag = new RelationDataContent(model, relation, entity);
            }

            return bag;
        }
    }

    internal void Flush()
    {
        foreach (var bag in bags.Values)
        {
            bag.Flush();
        }
    }
}
