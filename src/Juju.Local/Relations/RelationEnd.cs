using Juju.Local.State;

namespace Juju.Local.Relations;

/// <summary>Units leave a relation one by one; the last one takes it away, with the grants of secrets that went through it.</summary>
static class RelationEnd
{
    public static ModelState LeaveScope(ModelState model, RelationRecord relation, string unit)
    {
        relation = relation with { InScope = relation.InScope.Remove(unit) };
        return RemoveIfEmpty(model.With(relation), relation);
    }

    /// <summary>A dying relation that no unit is in any more is gone.</summary>
    public static ModelState RemoveIfEmpty(ModelState model, RelationRecord relation)
    {
        if (relation.Life == Life.Alive || relation.InScope.Count > 0)
        {
            return model;
        }

        model = model.WithoutRelation(relation.Id);
        var scope = ScopeOf(relation);
        foreach (var secret in model.Secrets.Values.Where(secret => secret.Grants.ContainsValue(scope)))
        {
            model = model.With(secret with { Grants = secret.Grants.RemoveRange(secret.Grants.Where(grant => grant.Value == scope).Select(grant => grant.Key)) });
        }

        foreach (var agent in model.Agents.Values.Where(agent => agent.Relations.ContainsKey(relation.Id)))
        {
            model = model.With(agent with { Relations = agent.Relations.Remove(relation.Id) });
        }

        return model;
    }

    /// <summary>The name by which a grant remembers its relation, as <c>show-secret</c> shows it.</summary>
    public static string ScopeOf(RelationRecord relation) => $"relation-{relation.Key.Replace(':', '.').Replace(' ', '#')}";
}
