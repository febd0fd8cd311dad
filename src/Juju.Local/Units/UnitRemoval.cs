using Juju.Local.Relations;
using Juju.Local.Secrets;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>What goes with a unit, and with the last unit of an application.</summary>
static class UnitRemoval
{
    public static ModelState Remove(ModelState state, string name, DateTimeOffset now)
    {
        if (!state.Units.TryGetValue(name, out var unit))
        {
            return state;
        }

        state = state with
        {
            Units = state.Units.Remove(name),
            Agents = state.Agents.Remove(name),
            UnitStates = state.UnitStates.Remove(name),
            Sandboxes = state.Sandboxes.RemoveRange(state.Sandboxes.Keys.Where(key => key.StartsWith(name + " ", StringComparison.Ordinal))),
        };
        foreach (var relation in state.RelationsOf(unit.Application).ToList())
        {
            // Its data stays readable for those who have not been told yet that it left.
            state = RelationEnd.LeaveScope(state, relation, name);
        }

        foreach (var storage in state.Storage.Values.Where(storage => storage.Unit == name).ToList())
        {
            state = unit.DestroyStorage
                ? state with { Storage = state.Storage.Remove(storage.Id) }
                : state.With(storage with { Unit = null, Since = now });
        }

        foreach (var task in state.Tasks.Values.Where(task => task.Unit == name && !task.IsEnded).ToList())
        {
            state = state.With(task with { Status = "aborted", Message = $"unit \"{name}\" was removed", Completed = now });
        }

        state = SecretRemoval.RemoveReader(SecretRemoval.RemoveOwnedBy(state, name), name);
        return AfterUnit(state, unit.Application);
    }

    static ModelState AfterUnit(ModelState state, string name)
    {
        if (!state.Applications.TryGetValue(name, out var application))
        {
            return state;
        }

        return application.Life != Life.Alive && !state.UnitsOf(name).Any()
            ? RemoveApplication(state, application)
            : state.With(Elect(state, application));
    }

    /// <summary>An application without units goes at once, with its peer relations and secrets.</summary>
    public static ModelState RemoveApplication(ModelState state, ApplicationRecord application)
    {
        foreach (var relation in state.RelationsOf(application.Name).ToList())
        {
            state = RelationEnd.RemoveIfEmpty(state, relation with { Life = Life.Dying, InScope = relation.IsPeer ? [] : relation.InScope });
        }

        state = SecretRemoval.RemoveReader(SecretRemoval.RemoveOwnedBy(state, application.Name), application.Name);
        return state with { Applications = state.Applications.Remove(application.Name) };
    }

    /// <summary>The lease of a leader that is gone goes to the lowest live unit.</summary>
    public static ApplicationRecord Elect(ModelState state, ApplicationRecord application) =>
        application.Leader is { } leader && state.Units.ContainsKey(leader)
            ? application
            : application with { Leader = state.UnitsOf(application.Name).FirstOrDefault(unit => unit.Life == Life.Alive)?.Name };
}
