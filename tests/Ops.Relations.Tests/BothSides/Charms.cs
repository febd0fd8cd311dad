using Ops.Relations.Ingress;
using Ops.Relations.LokiPushApi;
using Ops.Relations.NginxRoute;
using Ops.Relations.OAuth;
using Ops.Relations.Postgresql;
using Ops.Relations.PrometheusScrape;
using Ops.Relations.Redis;
using Ops.Relations.S3;
using Ops.Relations.Saml;
using Ops.Relations.Smtp;

namespace Ops.Relations.Tests.BothSides;

/// <summary>A charm with nothing but what the relation libraries do on both sides.</summary>
sealed class ProviderCharm : CharmBase, ICharm<ProviderCharm>
{
    public ProviderCharm(Framework framework) : base(framework)
    {
        Database = new DatabaseProvides(this, "database");
        Redis = new RedisProvides(this, "redis");
        Routes = new NginxRouteProvider(this, "nginx-route");
        Ingresses = new IngressProvider(this, "ingress");
        Metrics = new MetricsEndpointProvider(this, "metrics-endpoint", new ScrapeJob(3000));
    }

    public static CharmMetadata Metadata { get; } = Declaration.Of(
        "provider", RelationRole.Provides, "database", "redis", "nginx-route", "ingress", "metrics-endpoint");

    public DatabaseProvides Database { get; }

    public RedisProvides Redis { get; }

    public NginxRouteProvider Routes { get; }

    public IngressProvider Ingresses { get; }

    public MetricsEndpointProvider Metrics { get; }

    public static ProviderCharm Create(Framework framework) => new(framework);
}

/// <summary>The other side.</summary>
sealed class RequirerCharm : CharmBase, ICharm<RequirerCharm>
{
    public RequirerCharm(Framework framework) : base(framework)
    {
        Database = new DatabaseRequires(this, "database", "discourse");
        Redis = new RedisRequires(this, "redis");
        _ = new NginxRouteRequirer(this, "nginx-route", () => new RouteRequest("forum.example", "requirer", 3000));
        Ingress = new IngressRequirer(this, "ingress", new IngressRequest("testing", "requirer", 3000) { StripPrefix = true });
        Metrics = new MetricsEndpointConsumer(this, "metrics-endpoint");
        Logging = new LogForwarder(this, "logging");
        Oauth = new OAuthRequirer(this, "oauth");
        Saml = new SamlRequires(this, "saml");
        S3 = new S3Requirer(this, "s3", "uploads");
        Smtp = new SmtpRequires(this, "smtp");

        // A library's event reaches a charm only if somebody observes it.
        Database.DatabaseCreated.Observe(OnLibraryEvent);
        Database.EndpointsChanged.Observe(OnLibraryEvent);
        Redis.RedisRelationUpdated.Observe(OnLibraryEvent);
        Ingress.Ready.Observe(OnLibraryEvent);
        Ingress.Revoked.Observe(OnLibraryEvent);
    }

    public static CharmMetadata Metadata { get; } = Declaration.Of(
        "requirer", RelationRole.Requires, "database", "redis", "nginx-route", "ingress", "metrics-endpoint", "logging", "oauth", "saml", "s3", "smtp");

    public DatabaseRequires Database { get; }

    public RedisRequires Redis { get; }

    public IngressRequirer Ingress { get; }

    public MetricsEndpointConsumer Metrics { get; }

    public LogForwarder Logging { get; }

    public OAuthRequirer Oauth { get; }

    public SamlRequires Saml { get; }

    public S3Requirer S3 { get; }

    public SmtpRequires Smtp { get; }

    public static RequirerCharm Create(Framework framework) => new(framework);

    void OnLibraryEvent(EventBase e) => Log.Info($"observed {e.GetType().Name}");
}

static class Declaration
{
    public static CharmMetadata Of(string name, RelationRole role, params string[] endpoints) => new()
    {
        Name = name,
        Relations = endpoints.ToDictionary(endpoint => endpoint, endpoint => new RelationMetadata(role, endpoint)),
    };
}
