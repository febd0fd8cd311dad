using System.Collections.Immutable;

namespace Juju.Local.State;

/// <summary>All of a model at one moment. Immutable: a change is a new one, written to the database as the difference.</summary>
sealed record ModelState
{
    public required ModelRecord Info { get; init; }

    public ImmutableSortedDictionary<string, CharmRecord> Charms { get; init; } = Empty<CharmRecord>();

    public ImmutableSortedDictionary<string, ApplicationRecord> Applications { get; init; } = Empty<ApplicationRecord>();

    public ImmutableSortedDictionary<string, UnitRecord> Units { get; init; } = Empty<UnitRecord>();

    public ImmutableSortedDictionary<string, AgentRecord> Agents { get; init; } = Empty<AgentRecord>();

    public ImmutableSortedDictionary<string, UnitState> UnitStates { get; init; } = Empty<UnitState>();

    public ImmutableSortedDictionary<string, RelationRecord> Relations { get; init; } = Empty<RelationRecord>();

    public ImmutableSortedDictionary<string, SecretRecord> Secrets { get; init; } = Empty<SecretRecord>();

    public ImmutableSortedDictionary<string, TaskRecord> Tasks { get; init; } = Empty<TaskRecord>();

    public ImmutableSortedDictionary<string, OperationRecord> Operations { get; init; } = Empty<OperationRecord>();

    public ImmutableSortedDictionary<string, StorageRecord> Storage { get; init; } = Empty<StorageRecord>();

    /// <summary>By <c>unit container</c>; the charm's container is named <c>charm</c>.</summary>
    public ImmutableSortedDictionary<string, SandboxRecord> Sandboxes { get; init; } = Empty<SandboxRecord>();

    public IEnumerable<UnitRecord> UnitsOf(string application) =>
        Units.Values.Where(unit => unit.Application == application).OrderBy(unit => unit.Number);

    public CharmRecord CharmOf(ApplicationRecord application) => Charms[application.CharmUrl];

    public CharmRecord CharmOf(UnitRecord unit) => Charms[unit.CharmUrl];

    public IEnumerable<RelationRecord> RelationsOf(string application) =>
        Relations.Values.Where(relation => relation.Has(application)).OrderBy(relation => relation.Id);

    /// <summary>The units whose comings and goings a unit is told of. One that is to go is said to have departed at once, while it still runs its own hooks.</summary>
    /// <remarks>Source: Juju's cleanup of a dying unit makes it leave each scope before its agent does.</remarks>
    public IEnumerable<string> RemoteUnits(RelationRecord relation, string unit)
    {
        var application = relation.OtherSide(UnitRecord.ApplicationOf(unit)).Application;
        return relation.InScope.Where(member => member != unit && UnitRecord.ApplicationOf(member) == application
            && Units.GetValueOrDefault(member) is { Life: Life.Alive });
    }

    public RelationRecord? FindRelation(int id) => Relations.GetValueOrDefault(Key(id));

    public ModelState With(ApplicationRecord application) => this with { Applications = Applications.SetItem(application.Name, application) };

    public ModelState With(UnitRecord unit) => this with { Units = Units.SetItem(unit.Name, unit) };

    public ModelState With(AgentRecord agent) => this with { Agents = Agents.SetItem(agent.Unit, agent) };

    public ModelState With(RelationRecord relation) => this with { Relations = Relations.SetItem(Key(relation.Id), relation) };

    public ModelState With(SecretRecord secret) => this with { Secrets = Secrets.SetItem(secret.Id, secret) };

    public ModelState With(TaskRecord task) => this with { Tasks = Tasks.SetItem(task.Id, task) };

    public ModelState With(StorageRecord storage) => this with { Storage = Storage.SetItem(storage.Id, storage) };

    public ModelState WithoutRelation(int id) => this with { Relations = Relations.Remove(Key(id)) };

    public static string Key(int id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
