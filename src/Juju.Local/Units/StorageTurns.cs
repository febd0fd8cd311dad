using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>Storage events. The mounts themselves are there from the beginning, as on Kubernetes.</summary>
static class StorageTurns
{
    public static HookRun? Find(ModelState model, UnitRecord unit, AgentRecord agent)
    {
        if (unit.Life != Life.Alive)
        {
            return null;
        }

        foreach (var storage in model.Storage.Values)
        {
            if (storage.Unit == unit.Name && storage.Life == Life.Alive && !agent.AttachedStorage.Contains(storage.Id))
            {
                return Turn(storage.Id, "attached");
            }
        }

        return null;
    }

    public static HookRun? FindDetaching(AgentRecord agent) =>
        agent.AttachedStorage is [var first, ..] ? Turn(first, "detaching") : null;

    public static AgentRecord After(AgentRecord agent, HookRun turn) => agent with
    {
        AttachedStorage = turn.Name.EndsWith("-attached", StringComparison.Ordinal)
            ? agent.AttachedStorage.Add(turn.Storage!)
            : agent.AttachedStorage.Remove(turn.Storage!),
    };

    static HookRun Turn(string storage, string what) => new()
    {
        Kind = HookKind.Storage,
        Name = $"{storage[..storage.IndexOf('/')]}-storage-{what}",
        Storage = storage,
    };
}
