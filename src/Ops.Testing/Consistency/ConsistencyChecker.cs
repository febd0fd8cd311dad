using System.Globalization;

namespace Ops.Testing;

/// <summary>Refuses what Juju could never produce, so that a test cannot pass on a state that no charm will ever see. All problems are told at once.</summary>
/// <remarks>Source: ops.testing's consistency checker.</remarks>
static class ConsistencyChecker
{
    public static void Check(Event e, State state, CharmMetadata meta, int unit)
    {
        List<string> problems =
        [
            .. EventChecks.Of(e, state, meta),
            .. ConfigChecks.Of(state, meta),
            .. RelationChecks.Of(state, meta, unit),
            .. ContainerChecks.Of(state, meta),
            .. SecretChecks.Of(state),
            .. StorageChecks.Of(state, meta),
            .. Others(state, meta),
        ];
        if (problems.Count > 0)
        {
            throw new InconsistentScenarioException(problems);
        }
    }

    /// <summary>The names that are declared, for the end of a message.</summary>
    public static string Declared(IEnumerable<string> names)
    {
        var known = string.Join(", ", names.Select(n => $"\"{n}\""));
        return known.Length > 0 ? $"charmcraft.yaml declares {known}" : "charmcraft.yaml declares none";
    }

    static IEnumerable<string> Others(State state, CharmMetadata meta)
    {
        foreach (var binding in state.Networks.Keys.Where(n => !meta.Relations.ContainsKey(n) && !meta.ExtraBindings.Contains(n) && n != "juju-info"))
        {
            yield return $"the state has a network for \"{binding}\", which is no endpoint and no extra binding; {Declared(meta.Relations.Keys.Concat(meta.ExtraBindings))}";
        }

        foreach (var binding in state.Networks.Keys.Where(n => meta.Relations.TryGetValue(n, out var relation) && relation.Container))
        {
            yield return $"the state has a network for \"{binding}\", which is scoped to a container and has none";
        }

        foreach (var resource in state.Resources.Keys.Where(r => !meta.Resources.ContainsKey(r)))
        {
            yield return $"the state has the resource \"{resource}\"; {Declared(meta.Resources.Keys)}";
        }

        foreach (var port in state.OpenedPorts.Where(p => p.Number is < 1 or > 65535 || p.To is < 1 or > 65535 || (p.Protocol == "icmp") != (p.Number is null)))
        {
            yield return $"the port \"{port}\" is not valid: tcp and udp have a number from 1 to 65535, icmp has none";
        }

        foreach (var (key, value) in state.StoredState.Where(s => s.Key.Length > 256 || s.Value.Length > 65_536))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the stored value \"{key}\" of {value.Length} bytes is too large: keys have up to 256 bytes, values up to 65,536");
        }

        foreach (var deferred in state.Deferred.Where(d => !d.Name.Contains('/', StringComparison.Ordinal) && !JujuEvents.IsDeclared(d.Name, meta)))
        {
            yield return $"the deferred event \"{deferred.Name}\" is none of this charm's";
        }

        if (state.PlannedUnits < 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"there cannot be {state.PlannedUnits} planned units");
        }
    }
}
