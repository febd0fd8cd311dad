using Juju.Local.Api;
using Juju.Local.Cli;

namespace Juju.Local.Tests.Status;

/// <summary>A model with something of everything.</summary>
static class SampleStatus
{
    static readonly DateTimeOffset Time = new(2026, 2, 24, 12, 3, 17, TimeSpan.Zero);

    public static Terminal Terminal(TextWriter output) => new()
    {
        Out = output, Error = TextWriter.Null, In = TextReader.Null, Home = new ControllerHome("/nowhere"), Zone = TimeZoneInfo.Utc,
    };

    static StatusDetails Is(string word, string message = "") => new(word, message, Time);

    static UnitDetails Unit(string name, StatusDetails workload, StatusDetails agent, string? address, bool leader = false, params string[] ports) => new()
    {
        Name = name, Leader = leader, Life = "alive", Workload = workload, Agent = agent, Address = address,
        ProviderId = name.Replace('/', '-'), Ports = ports,
    };

    static ApplicationDetails Application(string name, string charm, StatusDetails status, int scale, params UnitDetails[] units) => new()
    {
        Name = name, CharmUrl = charm, CharmName = charm.StartsWith("local:") ? charm[6..^2] : charm, Revision = charm.StartsWith("local:") ? 0 : 35,
        Origin = charm.StartsWith("local:") ? "local" : "charmhub", Channel = charm.StartsWith("local:") ? null : "latest/edge",
        Base = "ubuntu@22.04", Exposed = name == "ingress", Trust = false, Scale = scale, Life = "alive", Address = "10.152.183.7",
        ProviderId = "0b6a3c1e", Status = status, Units = units,
        Endpoints = [new("database", "postgresql_client", "requirer", "global", false, 1)],
    };

    static RelationDetails Relation(int id, string @interface, string status, params RelationEndpointDetails[] ends) => new()
    {
        Id = id, Key = string.Join(' ', ends.Select(end => $"{end.Application}:{end.Endpoint}")), Interface = @interface,
        Scope = "global", Life = "alive", Status = status, Endpoints = ends,
    };

    public static ModelStatus Model { get; } = new()
    {
        Model = new()
        {
            Name = "forum", Uuid = "5f3c", Life = "alive", Status = Is("available"), AgentVersion = "3.6.11", Units = 6, Secrets = 0,
            ControllerUuid = "c0", ControllerName = "local",
        },
        Version = 7,
        Timestamp = new DateTimeOffset(2026, 2, 24, 12, 4, 55, TimeSpan.Zero),
        Applications = new Dictionary<string, ApplicationDetails>
        {
            ["discourse-k8s"] = Application(
                "discourse-k8s", "local:discourse-k8s-0", Is("active"), 3,
                Unit("discourse-k8s/10", Is("waiting", "agent initialising"), Is("allocating"), null),
                Unit("discourse-k8s/2", Is("maintenance", "Setting up"), Is("executing", "running config-changed hook"), "10.1.0.6"),
                Unit("discourse-k8s/0", Is("active"), Is("idle"), "10.1.0.5", leader: true, "3000/tcp", "9394/tcp")) with { WorkloadVersion = "3.3.0" },
            ["redis-k8s"] = Application("redis-k8s", "redis-k8s", Is("blocked", "no\nstorage"), 1, Unit("redis-k8s/0", Is("blocked", "no\nstorage"), Is("idle"), "10.1.0.7", leader: true)),
            ["ingress"] = Application("ingress", "nginx-ingress-integrator", Is("error", "hook failed: \"install\""), 1, Unit("ingress/0", Is("error", "hook failed: \"install\""), Is("idle"), "10.1.0.9", true, "443/tcp", "80/tcp", "53/udp")),
        },
        Relations =
        [
            Relation(2, "redis", "joined", new("redis-k8s", "redis", "provider"), new("discourse-k8s", "redis", "requirer")),
            Relation(1, "rolling_op", "joined", new RelationEndpointDetails("discourse-k8s", "restart", "peer")),
            Relation(3, "nginx-route", "joining", new("ingress", "nginx-route", "provider"), new("discourse-k8s", "nginx-route", "requirer")),
        ],
        Storage =
        [
            new() { Id = "data/0", Kind = "filesystem", Unit = "redis-k8s/0", Location = "/data", Status = "attached", Since = Time, Life = "alive", SizeMegabytes = 2048, Pool = "kubernetes" },
        ],
    };

    public static ModelStatus Empty { get; } = Model with { Applications = new Dictionary<string, ApplicationDetails>(), Relations = [], Storage = [] };
}
