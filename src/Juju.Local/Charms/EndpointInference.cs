namespace Juju.Local.Charms;

/// <summary>One side of <c>juju integrate</c>: an application and, if it was named, the endpoint.</summary>
sealed record EndpointArgument(string Application, string? Endpoint)
{
    /// <exception cref="CharmException">Not of the form <c>app</c> or <c>app:endpoint</c>.</exception>
    public static EndpointArgument Parse(string text)
    {
        var parts = text.Split(':');
        return parts switch
        {
            [{ Length: > 0 } application] => new EndpointArgument(application, null),
            [{ Length: > 0 } application, { Length: > 0 } endpoint] => new EndpointArgument(application, endpoint),
            _ => throw new CharmException($"invalid endpoint \"{text}\""),
        };
    }

    public override string ToString() => Endpoint is null ? Application : $"{Application}:{Endpoint}";
}

/// <summary>A relation that could be made.</summary>
sealed record EndpointPair(string FirstApplication, Endpoint First, string SecondApplication, Endpoint Second)
{
    public override string ToString() => $"{FirstApplication}:{First.Name} {SecondApplication}:{Second.Name}";
}

/// <summary>
/// Which endpoints two applications mean: the same interface with opposite roles. <c>juju-info</c>, which everything
/// provides, is taken only if nothing else fits. Source: https://documentation.ubuntu.com/juju/3.6/reference/juju-cli/list-of-juju-cli-commands/integrate/.
/// </summary>
static class EndpointInference
{
    /// <exception cref="CharmException">None fits, or more than one does; the message lists them.</exception>
    public static EndpointPair Infer(
        EndpointArgument first, CharmDefinition firstCharm, EndpointArgument second, CharmDefinition secondCharm)
    {
        var candidates = (
            from a in Named(first, firstCharm)
            from b in Named(second, secondCharm)
            where a.Interface == b.Interface
                && ((a.Role == EndpointRole.Provider && b.Role == EndpointRole.Requirer)
                    || (a.Role == EndpointRole.Requirer && b.Role == EndpointRole.Provider))
                && (a.Interface != "juju-info" || IsSubordinateWay(a, firstCharm, b, secondCharm))
            select new EndpointPair(first.Application, a, second.Application, b)).ToList();
        var explicitly = candidates.Where(pair => !IsImplicit(pair.First, firstCharm) && !IsImplicit(pair.Second, secondCharm)).ToList();
        var fitting = explicitly.Count > 0 ? explicitly : candidates;
        return fitting switch
        {
            [var only] => only,
            [] => throw new CharmException("no relations found"),
            _ => throw new CharmException(
                $"ambiguous relation: \"{first} {second}\" could refer to "
                + string.Join("; ", fitting.Select(pair => $"\"{pair}\"").Order(StringComparer.Ordinal))),
        };
    }

    static IEnumerable<Endpoint> Named(EndpointArgument argument, CharmDefinition charm)
    {
        var all = charm.Endpoints.ContainsKey("juju-info") ? charm.Endpoints.Values : charm.Endpoints.Values.Append(Endpoint.JujuInfo);
        var endpoints = all.Where(endpoint => argument.Endpoint is null || endpoint.Name == argument.Endpoint).ToList();
        return endpoints.Count == 0
            ? throw new CharmException($"application \"{argument.Application}\" has no \"{argument.Endpoint}\" relation")
            : endpoints.Where(endpoint => endpoint.Role != EndpointRole.Peer);
    }

    static bool IsImplicit(Endpoint endpoint, CharmDefinition charm) =>
        endpoint.Name == "juju-info" && !charm.Endpoints.ContainsKey("juju-info");

    // A requirer of juju-info may relate to any provider of it, the implicit one too.
    static bool IsSubordinateWay(Endpoint first, CharmDefinition firstCharm, Endpoint second, CharmDefinition secondCharm) =>
        !(IsImplicit(first, firstCharm) && IsImplicit(second, secondCharm));
}
