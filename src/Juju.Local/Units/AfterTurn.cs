using Juju.Local.Secrets;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>What a turn changes when it has succeeded, or is taken as done.</summary>
static class AfterTurn
{
    public static ModelState Succeed(ModelState model, string unitName, HookRun turn, DateTimeOffset now, TimeSpan updateStatusInterval)
    {
        var unit = model.Units[unitName];
        var agent = model.Agents[unitName] with { Running = null, Failed = null, Attempts = 0, RetryAt = null };
        agent = turn.Kind switch
        {
            HookKind.Life => AfterLife(agent, turn, now, updateStatusInterval),
            HookKind.Relation => agent with
            {
                Relations = agent.Relations.SetItem(
                    turn.Relation!.Value, RelationTurns.After(agent.Relations.GetValueOrDefault(turn.Relation.Value) ?? new(), turn)),
            },
            HookKind.Workload => agent with { Workload = agent.Workload.IsEmpty ? agent.Workload : agent.Workload.RemoveAt(0) },
            HookKind.Secret => SecretTurns.After(agent, turn, now),
            HookKind.Storage => StorageTurns.After(agent, turn),
            _ => agent,
        };
        model = model.With(agent);
        if (unit.Resolved != Resolution.None)
        {
            model = model.With(unit with { Resolved = Resolution.None });
        }

        return SecretRemoval.Prune(turn.Kind switch
        {
            HookKind.Relation => AfterRelation(model, unit, turn),
            HookKind.Life => AfterLifeStatus(model, model.Units[unitName], turn, now),
            _ => model,
        });
    }

    static AgentRecord AfterLife(AgentRecord agent, HookRun turn, DateTimeOffset now, TimeSpan updateStatusInterval) => turn.Name switch
    {
        // A refresh in the meantime is another charm than the one that was installed: its upgrade is still to come.
        "install" => agent with { Installed = true },
        "leader-elected" => agent with { Leader = true },
        "config-changed" => agent with { ConfigHash = turn.ConfigHash },
        "start" => agent with { Started = true, StartPending = false, UpdateStatusAt = now + updateStatusInterval },
        // Both follow an upgrade, in this order.
        "upgrade-charm" => agent with { CharmCounter = turn.CharmCounter ?? agent.CharmCounter, ConfigHash = null, StartPending = true, StoppedToUpgrade = false },
        "update-status" => agent with { UpdateStatusAt = now + updateStatusInterval },
        "stop" when turn.CharmCounter is not null => agent with { StoppedToUpgrade = true },
        "stop" => agent with { Stopped = true },
        "remove" => agent with { Removed = true },
        _ => agent,
    };

    // A unit is in scope, which is to say visible to the other side, from its own relation-created to its own broken.
    static ModelState AfterRelation(ModelState model, UnitRecord unit, HookRun turn)
    {
        if (model.FindRelation(turn.Relation!.Value) is not { } relation)
        {
            return model;
        }

        if (turn.Is("created") && relation.Life == Life.Alive)
        {
            return model.With(EnterScope(relation, unit));
        }

        return turn.Is("broken") ? Relations.RelationEnd.LeaveScope(model, relation, unit.Name) : model;
    }

    static RelationRecord EnterScope(RelationRecord relation, UnitRecord unit)
    {
        var address = unit.Address ?? "";
        var bag = relation.BagOf(unit.Name).With(new Dictionary<string, string>
        {
            ["egress-subnets"] = address.Length == 0 ? "" : address + "/32",
            ["ingress-address"] = address,
            ["private-address"] = address,
        });
        return relation with { InScope = relation.InScope.Add(unit.Name), Units = relation.Units.SetItem(unit.Name, bag) };
    }

    static ModelState AfterLifeStatus(ModelState model, UnitRecord unit, HookRun turn, DateTimeOffset now)
    {
        var status = turn.Name switch
        {
            "start" when !unit.HasCharmStatus => unit.Workload.To("unknown", "", now),
            "remove" => unit.Workload.To("terminated", "", now),
            _ => unit.Workload,
        };
        return ReferenceEquals(status, unit.Workload) ? model : model.With(unit with { Workload = status });
    }
}
