namespace NginxIngressIntegrator;

/// <summary>A service behind the ingress: the hosts and paths that lead to it, and where its units are.</summary>
/// <param name="Name">Of the service; letters, digits, dashes and dots.</param>
/// <param name="Hostnames">Host names that clients use.</param>
/// <param name="Servers">Address and port of each unit.</param>
sealed record Site(string Name, IReadOnlyList<string> Hostnames, IReadOnlyList<string> Servers)
{
    /// <summary>Paths that are routed.</summary>
    public IReadOnlyList<string> Paths { get; init; } = ["/"];

    /// <summary>Whether the routed path is taken off before a request reaches a unit.</summary>
    public bool StripPath { get; init; }

    /// <summary>Seconds that a client stays with the unit it met first; 0 means no affinity.</summary>
    public int SessionCookieSeconds { get; init; }

    /// <summary>Largest request body in megabytes; 0 means no limit.</summary>
    public int MaxBodyMegabytes { get; init; }

    /// <summary>Requests per second from one address; null means no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Outcomes for which another unit is tried, in the words of proxy_next_upstream.</summary>
    public IReadOnlyList<string> RetryOn { get; init; } = ["error", "timeout"];

    /// <summary>Whether requests are logged.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>Whether http is redirected to https.</summary>
    public bool RedirectHttps { get; init; }
}
