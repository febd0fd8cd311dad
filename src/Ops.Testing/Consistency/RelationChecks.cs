using System.Globalization;

namespace Ops.Testing;

static class RelationChecks
{
    public static IEnumerable<string> Of(State state, CharmMetadata meta, int unit)
    {
        foreach (var relation in state.Relations)
        {
            if (!meta.Relations.TryGetValue(relation.Endpoint, out var declared))
            {
                yield return $"the relation endpoint \"{relation.Endpoint}\" is not declared; {ConsistencyChecker.Declared(meta.Relations.Keys)}";
                continue;
            }

            var peer = declared.Role == RelationRole.Peer;
            if (peer && !relation.IsPeer)
            {
                yield return $"\"{relation.Endpoint}\" is a peer endpoint, and the state relates it to \"{relation.RemoteApp}\": make it with RelationState.Peer(\"{relation.Endpoint}\")";
            }
            else if (!peer && relation.IsPeer)
            {
                yield return $"\"{relation.Endpoint}\" is not a peer endpoint, and the state makes it one: name a RemoteApp";
            }

            if (peer && relation.RemoteUnitsData.ContainsKey(unit))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"the peers of \"{relation.Endpoint}\" include {unit}, which is this unit: its databag is LocalUnitData");
            }

            if (declared.Container && relation.RemoteUnitsData.Count > 1)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"\"{relation.Endpoint}\" is scoped to a container, and the state has {relation.RemoteUnitsData.Count} remote units: this unit sees only the one beside it");
            }

            foreach (var key in Bags(relation).SelectMany(b => b).Where(b => b.Value.Length == 0).Select(b => b.Key).Distinct())
            {
                yield return $"a databag of \"{relation.Endpoint}\" has an empty value for \"{key}\": Juju keeps no empty values, leave the key out";
            }
        }

        foreach (var same in state.Relations.GroupBy(r => r.Id).Where(g => g.Count() > 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the relation number {same.Key} is there {same.Count()} times: every relation has its own");
        }

        foreach (var endpoint in state.Relations.GroupBy(r => r.Endpoint))
        {
            if (meta.Relations.TryGetValue(endpoint.Key, out var declared))
            {
                var limit = declared.Role == RelationRole.Peer ? 1 : declared.Limit;
                if (endpoint.Count() > limit)
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture, $"\"{endpoint.Key}\" has {endpoint.Count()} relations, and Juju allows {limit} ({(declared.Limit is null ? "it is a peer endpoint" : "its limit")})");
                }
            }
        }
    }

    static IEnumerable<IReadOnlyDictionary<string, string>> Bags(RelationState relation) =>
        [relation.LocalAppData, relation.LocalUnitData, relation.RemoteAppData, .. relation.RemoteUnitsData.Values];
}
