using Juju.Local.State;

namespace Juju.Local.Applications;

/// <summary>An application's status: what its leader set, else the worst of its units.</summary>
static class ApplicationStatus
{
    static readonly string[] WorstFirst = ["error", "blocked", "waiting", "maintenance", "terminated", "active", "unknown"];

    public static StatusRecord Of(ModelState state, ApplicationRecord application, DateTimeOffset now)
    {
        if (application.Status is { } set)
        {
            return set;
        }

        var units = state.UnitsOf(application.Name).Select(unit => Shown(state, unit)).ToList();
        return units.Count == 0
            ? new StatusRecord("unknown", "", application.Created)
            : units.MinBy(status => Array.IndexOf(WorstFirst, status.Current) is >= 0 and var place ? place : WorstFirst.Length) ?? new("unknown", "", now);
    }

    /// <summary>A unit's workload status as shown: the error of a failed hook is laid over what the charm set.</summary>
    public static StatusRecord Shown(ModelState state, UnitRecord unit)
    {
        if (state.Agents.GetValueOrDefault(unit.Name)?.Failed is not { } failed)
        {
            return unit.Workload;
        }

        var about = failed is { Kind: HookKind.Relation, Relation: { } id } && state.FindRelation(id) is { } relation
            ? $" for {relation.OtherSide(unit.Application)}"
            : "";
        return new StatusRecord("error", $"hook failed: \"{failed.Name}\"{about}", unit.Agent.Since);
    }
}
