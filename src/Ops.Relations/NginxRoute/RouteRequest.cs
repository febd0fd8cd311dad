using System.Globalization;

namespace Ops.Relations.NginxRoute;

/// <summary>The route to a service that a requirer asks of an nginx ingress.</summary>
/// <param name="Hostname">Host name that clients use.</param>
/// <param name="ServiceName">Name of the service behind the route, which is the requirer's application.</param>
/// <param name="Port">Port of the service, 1–65535.</param>
public sealed record RouteRequest(string Hostname, string ServiceName, int Port)
{
    /// <summary>Model of the service; empty means the provider's own.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Further host names of the same route.</summary>
    public IReadOnlyList<string> AdditionalHostnames { get; init; } = [];

    /// <summary>Paths that are routed; the whole host by default.</summary>
    public IReadOnlyList<string> Paths { get; init; } = ["/"];

    /// <summary>Seconds that a client stays with the unit it met first; 0 means no affinity.</summary>
    public int SessionCookieSeconds { get; init; }

    /// <summary>Largest request body in megabytes; 0 means no limit, null the provider's default.</summary>
    public int? MaxBodyMegabytes { get; init; }

    /// <summary>Requests per second from one address; null means no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Whether requests are logged. Default true.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>The databag that says this request: keys with their default are left out.</summary>
    public IReadOnlyDictionary<string, string> ToDatabag()
    {
        var bag = new Dictionary<string, string>
        {
            ["service-hostname"] = Hostname,
            ["service-name"] = ServiceName,
            ["service-namespace"] = Namespace,
            ["service-port"] = Text(Port),
        };
        if (SessionCookieSeconds > 0)
        {
            bag["session-cookie-max-age"] = Text(SessionCookieSeconds);
        }

        if (AdditionalHostnames.Count > 0)
        {
            bag["additional-hostnames"] = string.Join(',', AdditionalHostnames);
        }

        if (Paths is not ["/"])
        {
            bag["path-routes"] = string.Join(',', Paths);
        }

        if (MaxBodyMegabytes is { } size)
        {
            bag["max-body-size"] = Text(size);
        }

        if (RequestsPerSecond is { } limit)
        {
            bag["limit-rps"] = Text(limit);
        }

        if (!IsLogged)
        {
            bag["enable-access-log"] = "false";
        }

        return bag;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
