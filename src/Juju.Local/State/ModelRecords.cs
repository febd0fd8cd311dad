using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Juju.Local.State;

/// <summary>Between a model's state and its rows: reading all, and writing the difference of two states.</summary>
static class ModelRecords
{
    public static ModelState Read(Database database, string uuid)
    {
        var rows = database.Records(uuid).ToLookup(row => row.Kind, row => row.Body);
        return new ModelState
        {
            Info = JsonSerializer.Deserialize(rows["model"].Single(), StateJson.Default.ModelRecord)!,
            Charms = ReadAll(rows["charm"], StateJson.Default.CharmRecord, charm => charm.Url),
            Applications = ReadAll(rows["application"], StateJson.Default.ApplicationRecord, application => application.Name),
            Units = ReadAll(rows["unit"], StateJson.Default.UnitRecord, unit => unit.Name),
            Agents = ReadAll(rows["agent"], StateJson.Default.AgentRecord, agent => agent.Unit),
            UnitStates = ReadAll(rows["unit-state"], StateJson.Default.UnitState, state => state.Unit),
            Relations = ReadAll(rows["relation"], StateJson.Default.RelationRecord, relation => ModelState.Key(relation.Id)),
            Secrets = ReadAll(rows["secret"], StateJson.Default.SecretRecord, secret => secret.Id),
            Tasks = ReadAll(rows["task"], StateJson.Default.TaskRecord, task => task.Id),
            Operations = ReadAll(rows["operation"], StateJson.Default.OperationRecord, operation => operation.Id),
            Storage = ReadAll(rows["storage"], StateJson.Default.StorageRecord, storage => storage.Id),
            Sandboxes = ReadAll(rows["sandbox"], StateJson.Default.SandboxRecord, sandbox => $"{sandbox.Unit} {sandbox.Container}"),
        };
    }

    public static void Write(Database database, ModelState? before, ModelState after)
    {
        var changes = new List<(string, string, string?)>();
        if (!ReferenceEquals(before?.Info, after.Info))
        {
            changes.Add(("model", after.Info.Uuid, JsonSerializer.Serialize(after.Info, StateJson.Default.ModelRecord)));
        }

        Compare("charm", before?.Charms, after.Charms, StateJson.Default.CharmRecord);
        Compare("application", before?.Applications, after.Applications, StateJson.Default.ApplicationRecord);
        Compare("unit", before?.Units, after.Units, StateJson.Default.UnitRecord);
        Compare("agent", before?.Agents, after.Agents, StateJson.Default.AgentRecord);
        Compare("unit-state", before?.UnitStates, after.UnitStates, StateJson.Default.UnitState);
        Compare("relation", before?.Relations, after.Relations, StateJson.Default.RelationRecord);
        Compare("secret", before?.Secrets, after.Secrets, StateJson.Default.SecretRecord);
        Compare("task", before?.Tasks, after.Tasks, StateJson.Default.TaskRecord);
        Compare("operation", before?.Operations, after.Operations, StateJson.Default.OperationRecord);
        Compare("storage", before?.Storage, after.Storage, StateJson.Default.StorageRecord);
        Compare("sandbox", before?.Sandboxes, after.Sandboxes, StateJson.Default.SandboxRecord);
        if (changes.Count > 0)
        {
            database.Write(after.Info.Uuid, changes);
        }

        void Compare<T>(
            string kind, ImmutableSortedDictionary<string, T>? old, ImmutableSortedDictionary<string, T> now, JsonTypeInfo<T> type)
            where T : class
        {
            if (ReferenceEquals(old, now))
            {
                return;
            }

            foreach (var (id, value) in now)
            {
                if (!ReferenceEquals(old?.GetValueOrDefault(id), value))
                {
                    changes.Add((kind, id, JsonSerializer.Serialize(value, type)));
                }
            }

            foreach (var id in old?.Keys ?? [])
            {
                if (!now.ContainsKey(id))
                {
                    changes.Add((kind, id, null));
                }
            }
        }
    }

    static ImmutableSortedDictionary<string, T> ReadAll<T>(IEnumerable<string> bodies, JsonTypeInfo<T> type, Func<T, string> key) =>
        bodies.Select(body => JsonSerializer.Deserialize(body, type)!).ToImmutableSortedDictionary(key, value => value, StringComparer.Ordinal);
}
