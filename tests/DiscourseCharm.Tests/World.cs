using Ops.Testing;
using Pebble.Client;

namespace Discourse.Tests;

/// <summary>States of the unit to start from, and what tests ask of the outcome.</summary>
static class World
{
    public const string Flag = "/run/discourse-k8s-operator/setup_completed";

    public static readonly SecretState Secret = new(new Dictionary<string, string> { ["username"] = "relation_id_1", ["password"] = "geheim" })
    {
        Id = "secret:d2v7kqnmp25c762p8ku0",
    };

    public static readonly RelationState Database = new("database")
    {
        Id = 1,
        RemoteApp = "postgresql-k8s",
        RemoteAppData = new Dictionary<string, string>
        {
            ["database"] = "discourse", ["endpoints"] = "postgresql-k8s-primary:5432", ["secret-user"] = Secret.Id,
        },
    };

    public static readonly RelationState Redis = new("redis")
    {
        Id = 2,
        RemoteApp = "redis-k8s",
        RemoteUnitsData = Units(new Dictionary<string, string> { ["hostname"] = "10.1.0.7", ["port"] = "6379" }),
    };

    public static readonly RelationState Nginx = new("nginx-route") { Id = 3, RemoteApp = "nginx-ingress-integrator" };

    public static readonly RelationState Metrics = new("metrics-endpoint") { Id = 4, RemoteApp = "prometheus-k8s" };

    public static readonly RelationState Dashboards = new("grafana-dashboard") { Id = 5, RemoteApp = "grafana-k8s" };

    public static readonly RelationState Logging = new("logging")
    {
        Id = 6,
        RemoteApp = "loki-k8s",
        RemoteUnitsData = Units(new Dictionary<string, string> { ["endpoint"] = """{"url": "http://loki:3100/loki/api/v1/push"}""" }),
    };

    public static readonly RelationState Saml = new("saml")
    {
        Id = 7,
        RemoteApp = "saml-integrator",
        RemoteAppData = new Dictionary<string, string>
        {
            ["entity_id"] = "https://login.example",
            ["x509certs"] = "bm90IGEgY2VydGlmaWNhdGU=",
            ["single_sign_on_service_redirect_url"] = "https://login.example/saml",
            ["single_sign_on_service_redirect_binding"] = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        },
    };

    public static readonly RelationState Oauth = new("oauth")
    {
        Id = 8,
        RemoteApp = "hydra",
        RemoteAppData = new Dictionary<string, string>
        {
            ["issuer_url"] = "https://login.example",
            ["authorization_endpoint"] = "https://login.example/auth",
            ["token_endpoint"] = "https://login.example/token",
            ["introspection_endpoint"] = "https://login.example/introspect",
            ["userinfo_endpoint"] = "https://login.example/userinfo",
            ["jwks_endpoint"] = "https://login.example/jwks",
            ["scope"] = "openid email",
            ["client_id"] = "forum",
            ["client_secret"] = "wissen",
        },
    };

    public static readonly RelationState Peers = RelationState.Peer("restart") with { Id = 0 };

    /// <summary>A container whose Pebble answers and whose commands succeed.</summary>
    public static readonly ContainerState Container = new("discourse")
    {
        CanConnect = true,
        Execs = [new([]), new(["/srv/discourse/app/bin/rails", "runner", "puts Discourse::VERSION::STRING"], Output: "2026.1.7\n")],
    };

    /// <summary>Everything is there, nothing was done yet.</summary>
    public static readonly State Ready = new()
    {
        Leader = true,
        Relations = [Peers, Database, Redis],
        Secrets = [Secret],
        Containers = [Container],
    };

    public static Dictionary<int, IReadOnlyDictionary<string, string>> Units(params IReadOnlyDictionary<string, string>[] bags) =>
        bags.Index().ToDictionary(unit => unit.Index, unit => unit.Item);

    public static Context<DiscourseCharm> Charm => new() { AppName = "discourse-k8s", ModelName = "forum" };

    public static Outcome Run(Event e, State state) => Charm.Run(e, state);

    /// <summary>The state that a first config-changed leaves.</summary>
    public static State Settled(State? state = null) => Run(Event.ConfigChanged, state ?? Ready).State;

    public static State Without(this State state, string endpoint) =>
        state with { Relations = [.. state.Relations.Where(relation => relation.Endpoint != endpoint)] };

    public static RelationState WithRemoteApp(this RelationState relation, string key, string value) =>
        relation with { RemoteAppData = new Dictionary<string, string>(relation.RemoteAppData) { [key] = value } };

    public static IReadOnlyDictionary<string, string> Environment(this State state) =>
        state.GetContainer("discourse").Plan.Services["discourse"].Environment;

    public static bool HasService(this State state) => state.GetContainer("discourse").Plan.Services.ContainsKey("discourse");

    public static bool IsRunning(this State state) =>
        state.GetContainer("discourse").Services.GetValueOrDefault("discourse") == ServiceStatus.Active;

    public static bool IsSetUp(this State state) => state.GetContainer("discourse").Files.ContainsKey(Flag);

    public static IReadOnlyList<string> Commands(this Outcome outcome) =>
        [.. outcome.Execs.Select(exec => string.Join(' ', exec.Options.Command).Replace("/srv/discourse/app/bin/", "", StringComparison.Ordinal))];
}
