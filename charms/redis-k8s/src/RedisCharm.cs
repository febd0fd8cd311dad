using System.Text.RegularExpressions;
using Ops;
using Ops.Relations.Redis;
using Pebble.Client;

namespace RedisK8s;

/// <summary>Operates Redis: the leader's server is the master, those of further units follow it.</summary>
sealed partial class RedisCharm : CharmBase
{
    const int Port = 6379;
    const string ConfigFile = "/etc/redis-charm/redis.conf";

    readonly Container container;
    readonly RedisProvides redis;

    public RedisCharm(Framework framework) : base(framework)
    {
        container = Containers.Redis;
        redis = new RedisProvides(this, "redis");

        On.RedisPebbleReady.Observe(OnChange);
        On.ConfigChanged.Observe(OnChange);
        On.LeaderElected.Observe(OnChange);
        On.UpgradeCharm.Observe(OnChange);
        On.UpdateStatus.Observe(OnChange);
        On.RedisPeersRelationCreated.Observe(OnChange);
        On.RedisPeersRelationChanged.Observe(OnChange);
        On.RedisRelationJoined.Observe(OnChange);
        On.RedisRelationChanged.Observe(OnChange);
    }

    Relation? Peers => Model.GetRelation("redis-peers");

    /// <summary>Address of the master, which the leader has named; null until then.</summary>
    string? Master => Peers?.Data[App].Find("leader-host");

    void OnChange(EventBase e)
    {
        var own = Model.GetBinding("redis-peers").Network.BindAddress;
        if (Unit.IsLeader && Peers is { } peers && own is not null && Master != own)
        {
            peers.Data[App]["leader-host"] = own;
        }

        Unit.Status = Reconcile(own);
    }

    StatusBase Reconcile(string? own)
    {
        if (!container.CanConnect())
        {
            return new WaitingStatus("Waiting for Pebble");
        }

        if (Master is not { } master || own is null)
        {
            return new WaitingStatus("Waiting for the leader to name the master");
        }

        if (!MemoryPattern().IsMatch(Config.Maxmemory))
        {
            return new BlockedStatus("maxmemory must be a number of bytes, such as 0, 256mb or 1gb");
        }

        if (!PolicyPattern().IsMatch(Config.MaxmemoryPolicy))
        {
            return new BlockedStatus("maxmemory-policy must be one of Redis' policies, such as noeviction or allkeys-lru");
        }

        RunServer(master == own ? null : master);
        redis.Publish(new RedisAddress(master, Port));
        Unit.SetWorkloadVersion(Version());
        return new ActiveStatus(master == own ? "Master" : "");
    }

    void RunServer(string? master)
    {
        container.MakeDir("/var/lib/redis", makeParents: true);
        container.Exec(["chown", "redis:redis", "/var/lib/redis"]).Wait();
        var config = Configuration(master);
        var changed = !container.Exists(ConfigFile) || container.Pull(ConfigFile) != config;
        if (changed)
        {
            container.Push(ConfigFile, config, makeDirs: true);
        }

        container.AddLayer("redis", Layer, combine: true);
        container.Replan();
        if (changed && container.GetService("redis") is { IsRunning: true })
        {
            container.Restart("redis");
        }
    }

    /// <summary>The text of redis.conf.</summary>
    /// <remarks>Source: https://redis.io/docs/latest/operate/oss_and_stack/management/config/</remarks>
    string Configuration(string? master) =>
        $"""
        bind * -::*
        port {Port}
        protected-mode no
        daemonize no
        dir /var/lib/redis
        appendonly yes
        appendfsync everysec
        maxmemory {Config.Maxmemory}
        maxmemory-policy {Config.MaxmemoryPolicy}
        {(master is null ? "" : $"replicaof {master} {Port}")}
        """.TrimEnd() + "\n";

    static Layer Layer => new()
    {
        Services = new Dictionary<string, Service>
        {
            ["redis"] = new()
            {
                Override = "replace",
                Summary = "Redis",
                Command = $"redis-server {ConfigFile}",
                Startup = "enabled",
                User = "redis",
                Group = "redis",
                KillDelay = TimeSpan.FromSeconds(10),
            },
        },
        Checks = new Dictionary<string, Check>
        {
            ["redis-ready"] = new() { Override = "replace", Level = "ready", Tcp = new(Port) },
        },
    };

    // "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=..."
    string Version() =>
        container.Exec(["redis-server", "--version"]).WaitOutput().Output.Split(' ').FirstOrDefault(w => w.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? "";

    [GeneratedRegex("^[0-9]+(k|kb|m|mb|g|gb)?$", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryPattern();

    [GeneratedRegex("^(noeviction|(allkeys|volatile)-(lru|lfu|random)|volatile-ttl)$")]
    private static partial Regex PolicyPattern();
}
