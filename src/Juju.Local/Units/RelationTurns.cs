using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>
/// Relation events: the difference between a relation and what the unit was told of it. Within one relation departed goes
/// before broken, application data before joined, joined before changed; a joined unit's changed is the relation's next event.
/// </summary>
static class RelationTurns
{
    public static HookRun? FindCreated(ModelState model, UnitRecord unit, AgentRecord agent)
    {
        if (unit.Life != Life.Alive)
        {
            return null;
        }

        foreach (var relation in model.RelationsOf(unit.Application))
        {
            if (relation.Life == Life.Alive && !(agent.Relations.GetValueOrDefault(relation.Id)?.Created ?? false))
            {
                return Turn(relation, unit, "created");
            }
        }

        return null;
    }

    public static HookRun? Find(ModelState model, UnitRecord unit, AgentRecord agent)
    {
        // Relations begun first go first; dying ones before those, so that what leaves is told before what comes.
        foreach (var relation in model.RelationsOf(unit.Application).OrderBy(relation => relation.Life == Life.Alive))
        {
            if (agent.Relations.GetValueOrDefault(relation.Id) is { Created: true, Broken: false } known
                && Find(model, relation, unit, known) is { } turn)
            {
                return turn;
            }
        }

        return null;
    }

    static HookRun? Find(ModelState model, RelationRecord relation, UnitRecord unit, AgentRelation known)
    {
        var isLeaving = unit.Life != Life.Alive;
        var isEnding = relation.Life != Life.Alive || isLeaving;
        var present = isEnding ? [] : model.RemoteUnits(relation, unit.Name).ToHashSet();
        foreach (var member in known.Members.Keys.OrderBy(UnitRecord.NumberOf))
        {
            if (!present.Contains(member))
            {
                return Turn(relation, unit, "departed") with { RemoteUnit = member, DepartingUnit = isLeaving ? unit.Name : member };
            }
        }

        if (isEnding)
        {
            return relation.IsPeer ? null : Turn(relation, unit, "broken");
        }

        // What was joined last is told its data before anything else of this relation.
        if (known.Members.FirstOrDefault(member => member.Value < 0).Key is { } joined)
        {
            return Changed(relation, unit, joined);
        }

        var remote = relation.OtherSide(unit.Application).Application;
        var bag = relation.BagOf(remote);
        var isOwnWrite = relation.IsPeer && model.Applications[unit.Application].Leader == unit.Name;
        if (bag.Version > known.ApplicationVersion && !isOwnWrite)
        {
            return Turn(relation, unit, "changed") with { BagVersion = bag.Version };
        }

        if (present.Where(member => !known.Members.ContainsKey(member)).MinBy(UnitRecord.NumberOf) is { } newcomer)
        {
            return Turn(relation, unit, "joined") with { RemoteUnit = newcomer };
        }

        var changed = known.Members.FirstOrDefault(member => relation.BagOf(member.Key).Version > member.Value).Key;
        return changed is null ? null : Changed(relation, unit, changed);
    }

    /// <summary>What the agent knows after the turn.</summary>
    public static AgentRelation After(AgentRelation known, HookRun turn) => turn switch
    {
        _ when turn.Is("created") => known with { Created = true },
        _ when turn.Is("joined") => known with { Members = known.Members.SetItem(turn.RemoteUnit!, -1) },
        _ when turn.Is("departed") => known with { Members = known.Members.Remove(turn.RemoteUnit!) },
        _ when turn.Is("broken") => known with { Broken = true },
        { RemoteUnit: { } unit } => known with { Members = known.Members.SetItem(unit, turn.BagVersion ?? 0) },
        _ => known with { ApplicationVersion = turn.BagVersion ?? 0 },
    };

    static HookRun Changed(RelationRecord relation, UnitRecord unit, string member) =>
        Turn(relation, unit, "changed") with { RemoteUnit = member, BagVersion = relation.BagOf(member).Version };

    static HookRun Turn(RelationRecord relation, UnitRecord unit, string what) => new()
    {
        Kind = HookKind.Relation,
        Name = $"{relation.SideOf(unit.Application).Endpoint}-relation-{what}",
        Relation = relation.Id,
        RemoteApplication = relation.OtherSide(unit.Application).Application,
    };
}
