using System.Globalization;

namespace Ops.Testing;

partial class StateHookTools
{
    public IReadOnlyList<string> RelationIds(string endpoint)
    {
        Called($"relation-ids {endpoint}");
        return [.. State.Relations.Where(r => r.Endpoint == endpoint).Select(IdOf)];
    }

    public IReadOnlyList<string> RelationList(string relation)
    {
        Called($"relation-list {relation}");
        var found = Find(relation);

        // As Juju does: nobody is left when a relation is broken, and a unit that departs is not listed any more.
        if (e.Name.EndsWith("_relation_broken", StringComparison.Ordinal) && e.Relation?.Id == found.Id)
        {
            return [];
        }

        var departing = e.Relation?.Id == found.Id ? e.Variables.GetValueOrDefault("JUJU_DEPARTING_UNIT") : null;
        return [.. found.RemoteUnitsData.Keys.Order().Select(number => UnitOf(found, number)).Where(u => u != departing)];
    }

    public string RelationListApp(string relation)
    {
        Called($"relation-list {relation} --app");
        return AppOf(Find(relation));
    }

    public IReadOnlyDictionary<string, string> RelationGet(string relation, string entity, bool app)
    {
        Called($"relation-get {relation} {entity}");
        var found = Find(relation);
        if (entity == run.UnitName)
        {
            return found.LocalUnitData;
        }

        if (app && entity == run.AppName)
        {
            return found.LocalAppData;
        }

        if (app && entity == AppOf(found))
        {
            return found.RemoteAppData;
        }

        foreach (var (number, bag) in found.RemoteUnitsData)
        {
            if (entity == UnitOf(found, number))
            {
                return bag;
            }
        }

        return entity == e.Variables.GetValueOrDefault("JUJU_REMOTE_UNIT")
            ? new Dictionary<string, string>()
            : throw new Ops.HookToolException("relation-get", 1, $"ERROR permission denied (\"{entity}\" is not in relation \"{relation}\")");
    }

    public void RelationSet(string relation, bool app, IReadOnlyDictionary<string, string> changes)
    {
        Called($"relation-set {relation}{(app ? " --app" : "")}");
        var found = Find(relation);
        if (app)
        {
            RequireLeader("relation-set");
        }

        var bag = new Dictionary<string, string>(app ? found.LocalAppData : found.LocalUnitData);
        foreach (var (key, value) in changes)
        {
            if (value.Length == 0)
            {
                bag.Remove(key);
            }
            else
            {
                bag[key] = value;
            }
        }

        var written = app ? found with { LocalAppData = bag } : found with { LocalUnitData = bag };
        State = State with { Relations = [.. State.Relations.Select(r => r.Id == found.Id ? written : r)] };
    }

    public string RelationModelGet(string relation)
    {
        Called($"relation-model-get {relation}");
        return Find(relation).RemoteModelUuid ?? run.ModelUuid;
    }

    static string IdOf(RelationState relation) => string.Create(CultureInfo.InvariantCulture, $"{relation.Endpoint}:{relation.Id}");

    string AppOf(RelationState relation) => relation.RemoteApp ?? run.AppName;

    string UnitOf(RelationState relation, int number) => string.Create(CultureInfo.InvariantCulture, $"{AppOf(relation)}/{number}");

    RelationState Find(string relation) => State.Relations.FirstOrDefault(r => IdOf(r) == relation)
        ?? throw new RelationNotFoundException($"invalid value \"{relation}\" for option -r: relation not found");
}
