using Ops.HookTools;

namespace Ops;

/// <summary>The proxies that the model is configured with for charms. Null where none is.</summary>
/// <param name="Http">JUJU_CHARM_HTTP_PROXY.</param>
/// <param name="Https">JUJU_CHARM_HTTPS_PROXY.</param>
/// <param name="No">JUJU_CHARM_NO_PROXY: names and addresses that are reached without.</param>
public sealed record ProxySettings(string? Http, string? Https, string? No)
{
    internal static ProxySettings From(IEnvironment environment)
    {
        return new(Find("JUJU_CHARM_HTTP_PROXY"), Find("JUJU_CHARM_HTTPS_PROXY"), Find("JUJU_CHARM_NO_PROXY"));

        // Juju sets the variables to the empty text where nothing is configured.
        string? Find(string name) => environment.Find(name) is { Length: > 0 } value ? value : null;
    }
}
