using System.Globalization;
using System.Text.RegularExpressions;
using Ops;
using Ops.Relations.Ingress;
using Ops.Relations.NginxRoute;
using Pebble.Client;

namespace NginxIngressIntegrator;

/// <summary>Operates nginx: routes host names to the units of related applications.</summary>
sealed partial class NginxIngressCharm : CharmBase
{
    const string Folder = "/etc/nginx-charm";
    const string ConfigFile = Folder + "/nginx.conf";

    readonly Container container;
    readonly NginxRouteProvider routes;
    readonly IngressProvider ingresses;

    public NginxIngressCharm(Framework framework) : base(framework)
    {
        container = Containers.Nginx;
        routes = new NginxRouteProvider(this, "nginx-route");
        ingresses = new IngressProvider(this, "ingress");

        On.NginxPebbleReady.Observe(OnChange);
        On.ConfigChanged.Observe(OnChange);
        On.UpgradeCharm.Observe(OnChange);
        On.UpdateStatus.Observe(OnChange);
        On.LeaderElected.Observe(OnChange);
        On.SecretChanged.Observe(OnChange);
        On.NginxRouteRelationJoined.Observe(OnChange);
        On.NginxRouteRelationChanged.Observe(OnChange);
        On.NginxRouteRelationDeparted.Observe(OnDeparted);
        On.NginxRouteRelationBroken.Observe(OnChange);
        On.IngressRelationJoined.Observe(OnChange);
        On.IngressRelationChanged.Observe(OnChange);
        On.IngressRelationDeparted.Observe(OnDeparted);
        On.IngressRelationBroken.Observe(OnChange);
    }

    void OnChange(EventBase e) => Unit.Status = Reconcile(departing: null);

    void OnDeparted(RelationDepartedEvent e) => Unit.Status = Reconcile(e.DepartingUnit);

    StatusBase Reconcile(Unit? departing)
    {
        if (!container.CanConnect())
        {
            return new WaitingStatus("Waiting for Pebble");
        }

        if (routes.Routes.Count > 0 && ingresses.Requests.Count > 0)
        {
            return new BlockedStatus("Both nginx-route and ingress relations found, please remove either one.");
        }

        if (Config.Tls is not ("none" or "self-signed" or "secret"))
        {
            return new BlockedStatus("tls must be one of: none, self-signed, secret");
        }

        var faults = routes.Routes.Where(r => r.Route.IsFaulty).Select(r => r.Route.Reason)
            .Concat(ingresses.Requests.Where(r => r.Request.IsFaulty).Select(r => r.Request.Reason));
        if (FaultOfOptions() is { } fault || (fault = faults.FirstOrDefault()) is not null)
        {
            return new BlockedStatus(fault);
        }

        Site[] sites = [.. RouteSites(departing), .. IngressSites()];
        var certificate = Certificate(sites);
        if (certificate == CertificateChange.Missing)
        {
            return new BlockedStatus("tls-secret-id must be a secret with certificate and private-key, granted to this application");
        }

        var tls = Config.Tls != "none" && sites.Length > 0;
        if (Apply(NginxConfiguration.Write(sites, Listening, tls ? NginxIngressIntegrator.Certificate.File : null, tls ? NginxIngressIntegrator.Certificate.KeyFile : null), certificate == CertificateChange.New) is { } refusal)
        {
            return new BlockedStatus($"nginx refuses the configuration: {refusal}");
        }

        var address = Model.GetBinding("nginx-route").Network.BindAddress;
        PublishUrls(address, tls);
        return sites.Length > 0 ? new ActiveStatus($"Ingress IP(s): {address}") : new WaitingStatus("waiting for relation");
    }

    CertificateChange Certificate(Site[] sites)
    {
        var certificate = new Certificate(container);
        return Config.Tls switch
        {
            "self-signed" when sites.Length > 0 => certificate.SignFor([.. sites.SelectMany(site => site.Hostnames).Distinct()]),
            "secret" => certificate.Take(SecretContent()),
            _ => CertificateChange.None,
        };
    }

    IReadOnlyDictionary<string, string>? SecretContent()
    {
        try
        {
            return Config.TlsSecretId?.GetContent(refresh: true);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    IEnumerable<Site> RouteSites(Unit? departing) =>
        from pair in routes.Routes
        let route = pair.Route.Value
        where route is not null
        let hostname = Config.ServiceHostname is { Length: > 0 } configured ? configured : route.Hostname
        select new Site(route.ServiceName, [hostname, .. route.AdditionalHostnames, .. List(Config.AdditionalHostnames)], Servers(pair.Relation, departing, route.Port))
        {
            Paths = List(Config.PathRoutes) is { Length: > 0 } paths ? paths : route.Paths,
            SessionCookieSeconds = route.SessionCookieSeconds,
            MaxBodyMegabytes = route.MaxBodyMegabytes ?? (int)Config.MaxBodySize,
            RequestsPerSecond = route.RequestsPerSecond,
            RetryOn = List(Config.RetryErrors) is { Length: > 0 } outcomes ? outcomes : ["error", "timeout"],
            IsLogged = route.IsLogged,
        };

    IEnumerable<Site> IngressSites() =>
        from pair in ingresses.Requests
        let request = pair.Request.Value
        where request is not null
        select new Site(request.Name, ["_"], [.. pair.Units.Select(u => Server(u.Host, request.Port))])
        {
            Paths = [PathOf(request)],
            StripPath = request.StripPrefix,
            MaxBodyMegabytes = (int)Config.MaxBodySize,
            RedirectHttps = request.RedirectHttps,
        };

    /// <summary>The units of an application, at the addresses that Juju puts into their databags.</summary>
    static string[] Servers(Relation relation, Unit? departing, int port) =>
    [
        .. relation.Units.Where(u => u != departing).OrderBy(u => u.Name, StringComparer.Ordinal)
            .Select(u => relation.Data[u].Find("ingress-address") ?? relation.Data[u].Find("private-address"))
            .OfType<string>().Where(a => AddressPattern().IsMatch(a)).Select(a => Server(a, port)),
    ];

    static string Server(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    Listening Listening => new((int)Config.HttpPort, (int)Config.HttpsPort, (int)Config.ProxyPort);

    static string PathOf(IngressRequest request) => $"/{request.Model}-{request.Name}";

    void PublishUrls(string? address, bool tls)
    {
        foreach (var (relation, request, _) in ingresses.Requests)
        {
            if (request.Value is { } wanted && address is not null)
            {
                ingresses.Publish(relation, new IngressUrl($"{(tls ? "https" : "http")}://{address}{PathOf(wanted)}"));
            }
        }
    }

    /// <summary>Loads a configuration if it is not the one in use; a refused one changes nothing, and the reason is returned.</summary>
    string? Apply(string config, bool hasNewCertificate)
    {
        container.MakeDir("/var/lib/nginx", makeParents: true);
        var changed = !container.Exists(ConfigFile) || container.Pull(ConfigFile) != config;
        if (changed)
        {
            container.Push(ConfigFile + ".new", config, makeDirs: true);
            var (code, _, errors) = container.Exec(["nginx", "-t", "-q", "-c", ConfigFile + ".new"]).WaitForEnd();
            if (code != 0)
            {
                return (errors ?? "").Split('\n')[0].Trim();
            }

            container.Push(ConfigFile, config, makeDirs: true);
        }

        var wasRunning = container.FindService("nginx") is { IsRunning: true };
        container.AddLayer("nginx", Layer, combine: true);
        container.Replan();
        if ((changed || hasNewCertificate) && wasRunning)
        {
            // nginx takes the new configuration for new requests, and ends those under way with the old one.
            container.SendSignal("SIGHUP", "nginx");
        }

        return null;
    }

    /// <summary>What is wrong with the options: their values become part of nginx's configuration.</summary>
    string? FaultOfOptions()
    {
        string[] hosts = [.. List(Config.AdditionalHostnames), .. List(Config.ServiceHostname)];
        if (hosts.FirstOrDefault(h => !HostPattern().IsMatch(h)) is { } host)
        {
            return $"\"{host}\" is not a host name";
        }

        if (List(Config.PathRoutes).FirstOrDefault(p => !PathPattern().IsMatch(p)) is { } path)
        {
            return $"\"{path}\" in path-routes is not a path";
        }

        if (List(Config.RetryErrors).FirstOrDefault(o => !OutcomePattern().IsMatch(o)) is { } outcome)
        {
            return $"\"{outcome}\" in retry-errors is not an outcome such as error, timeout or http_502";
        }

        long[] ports = [Config.HttpPort, Config.HttpsPort, Config.ProxyPort];
        if (ports.Any(port => port is < 1 or > 65535) || ports.Distinct().Count() < ports.Length)
        {
            return "http-port, https-port and proxy-port must be three ports, 1–65535";
        }

        return Config.MaxBodySize is < 0 or > 100_000 ? "max-body-size must be 0–100000 MB" : null;
    }

    static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static Layer Layer => new()
    {
        Services = new Dictionary<string, Service>
        {
            ["nginx"] = new()
            {
                Override = "replace",
                Summary = "nginx",
                Command = $"nginx -c {ConfigFile} -g 'daemon off;'",
                Startup = "enabled",
                KillDelay = TimeSpan.FromSeconds(10),
            },
        },
    };

    [GeneratedRegex("^[0-9a-fA-F.:]{2,45}$")]
    private static partial Regex AddressPattern();

    [GeneratedRegex(@"^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
    private static partial Regex HostPattern();

    [GeneratedRegex("^/[A-Za-z0-9/_.~%+-]*$")]
    private static partial Regex PathPattern();

    [GeneratedRegex("^(error|timeout|invalid_header|http_(500|502|503|504|403|404|429)|non_idempotent|off)$")]
    private static partial Regex OutcomePattern();
}
