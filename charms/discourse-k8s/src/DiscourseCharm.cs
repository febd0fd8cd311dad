using Ops;
using Ops.Relations.GrafanaDashboard;
using Ops.Relations.LokiPushApi;
using Ops.Relations.NginxRoute;
using Ops.Relations.OAuth;
using Ops.Relations.Postgresql;
using Ops.Relations.PrometheusScrape;
using Ops.Relations.Redis;
using Ops.Relations.RollingOps;
using Ops.Relations.Saml;
using Endpoints = Discourse.DiscourseCharmEndpoints;

namespace Discourse;

/// <summary>
/// Operates Discourse. Juju starts the charm once per event; whatever the event, <see cref="Reconcile"/> reads the
/// configuration, the integrations and the plan, and makes the workload what they say. Nothing is remembered in between.
/// </summary>
sealed partial class DiscourseCharm : CharmBase
{
    /// <summary>Port of the forum; its metrics are there too.</summary>
    const int Port = 3000;

    /// <summary>Port of the stand-alone exporter, which older images and ours serve metrics on as well.</summary>
    const int ExporterPort = 9394;

    readonly DatabaseRequires database;
    readonly RedisRequires redis;
    readonly OAuthRequirer oauth;
    readonly SamlRequires saml;
    readonly RollingOpsManager restart;
    readonly Workload workload;

    /// <summary>What this dispatch found out about the unit; null leaves the status as it is.</summary>
    StatusBase? outcome;

    /// <summary>Whether this dispatch has reconciled: one event may be several, such as the lock that a new leader gives itself.</summary>
    bool isReconciled;

    public DiscourseCharm(Framework framework) : base(framework)
    {
        workload = new Workload(Containers.Discourse, Unit);

        // The integrations.
        database = new DatabaseRequires(this, Endpoints.Database, database: "discourse");
        redis = new RedisRequires(this, Endpoints.Redis);
        oauth = new OAuthRequirer(this, Endpoints.Oauth);
        saml = new SamlRequires(this, Endpoints.Saml);
        restart = new RollingOpsManager(this, Endpoints.Restart, OnRestart);
        _ = new NginxRouteRequirer(this, Endpoints.NginxRoute, Route);
        _ = new GrafanaDashboardProvider(this, Endpoints.GrafanaDashboard);
        _ = new LogForwarder(this, Endpoints.Logging, new LogFiles(Workload.ContainerName, Workload.LogFiles));
        _ = new MetricsEndpointProvider(this, Endpoints.MetricsEndpoint,
            new ScrapeJob(Port), new ScrapeJob(ExporterPort) { Name = "exporter", IsOptional = true });

        // The life of the unit.
        On.Start.Observe(OnStart);
        On.DiscoursePebbleReady.Observe(OnDiscoursePebbleReady);
        On.ConfigChanged.Observe(OnConfigChanged);
        On.LeaderElected.Observe(OnLeaderElected);
        On.UpgradeCharm.Observe(OnUpgradeCharm);
        On.SecretChanged.Observe(OnSecretChanged);
        On.CollectUnitStatus.Observe(OnCollectUnitStatus);

        // Database and cache.
        On.DatabaseRelationJoined.Observe(OnDatabaseRelationJoined);
        On.DatabaseRelationBroken.Observe(OnDatabaseRelationBroken);
        database.DatabaseCreated.Observe(OnDatabaseCreated);
        database.EndpointsChanged.Observe(OnMasterChanged);
        redis.RedisRelationUpdated.Observe(OnRedisRelationUpdated);

        // Single sign-on.
        On.OauthRelationCreated.Observe(OnOauthRelationCreated);
        On.OauthRelationJoined.Observe(OnOauthRelationJoined);
        On.OauthRelationChanged.Observe(OnOauthRelationChanged);
        On.OauthRelationBroken.Observe(OnOauthRelationBroken);
        On.SamlRelationBroken.Observe(OnSamlRelationBroken);
        saml.SamlDataAvailable.Observe(OnSamlDataAvailable);

        // What an operator asks for.
        On.CreateUserAction.Observe(OnCreateUserAction);
        On.AddAdminUserAction.Observe(OnAddAdminUserAction);
        On.PromoteUserAction.Observe(OnPromoteUserAction);
        On.AnonymizeUserAction.Observe(OnAnonymizeUserAction);
    }

    /// <summary>Name by which clients know the forum.</summary>
    string ExternalHostname => Config.ExternalHostname is { Length: > 0 } name ? name : App.Name;

    void OnStart(StartEvent e) => Reconcile();

    void OnDiscoursePebbleReady(PebbleReadyEvent e) => Reconcile();

    // The ingress is told at every event, when its requirer is made.
    void OnConfigChanged(ConfigChangedEvent e) => Reconcile();

    // What only a leader may write; the workload is every unit's own and does not change with the leader.
    void OnLeaderElected(LeaderElectedEvent e) => PublishOAuthClient();

    // A changed password arrives as a new revision of the secret that the database granted.
    void OnSecretChanged(SecretChangedEvent e) => Reconcile();

    // Asks for the database, if that was not done when the relation was created. The extensions that it needs, hstore and
    // pg_trgm, are options of the provider; migrations switch them on where the provider lets an owner do so.
    void OnDatabaseRelationJoined(RelationJoinedEvent e) => database.Request();

    void OnDatabaseCreated(DatabaseCreatedEvent e) => Reconcile();

    void OnDatabaseRelationBroken(RelationBrokenEvent e) => Reconcile();

    // The primary moved. What moved there may be older than this forum, so it is migrated before it is used.
    void OnMasterChanged(DatabaseEndpointsChangedEvent e)
    {
        if (Readiness is Ready ready)
        {
            workload.Migrate(Environment(ready));
        }

        On.ConfigChanged.Emit(new ConfigChangedEvent());
    }

    void OnRedisRelationUpdated(RedisRelationUpdatedEvent e) => Reconcile();

    void OnOauthRelationCreated(RelationCreatedEvent e) => Reconcile();

    void OnOauthRelationJoined(RelationJoinedEvent e) => Reconcile();

    void OnOauthRelationChanged(RelationChangedEvent e) => Reconcile();

    void OnOauthRelationBroken(RelationBrokenEvent e) => Reconcile();

    void OnSamlDataAvailable(SamlDataAvailableEvent e) => Reconcile();

    void OnSamlRelationBroken(RelationBrokenEvent e) => Reconcile();

    // One unit at a time, so that the forum stays up while it is upgraded.
    void OnUpgradeCharm(UpgradeCharmEvent e) => restart.AcquireLock();

    void OnRestart()
    {
        Reconcile();
        outcome ??= new WaitingStatus("Waiting for pebble");
    }

    void OnCollectUnitStatus(CollectStatusEvent e)
    {
        if (outcome is not null)
        {
            e.AddStatus(outcome);
        }
    }

    /// <summary>Makes the workload what the configuration and the integrations say. Every event may call it, any number of times.</summary>
    void Reconcile()
    {
        if (isReconciled)
        {
            return;
        }

        isReconciled = true;
        workload.BeginConnect();
        switch (Readiness)
        {
            case Waiting waiting:
                outcome = new WaitingStatus(waiting.Message);
                if (waiting.StopsService)
                {
                    workload.Stop();
                }

                break;

            case Unreachable:
                Log.Info("the container does not answer yet; its pebble-ready event will come");
                break;

            case Ready ready:
                outcome = Configure(ready);
                break;
        }
    }

    StatusBase Configure(Ready ready)
    {
        var environment = Environment(ready);
        if (!workload.IsSetUp())
        {
            workload.SetUp(environment);
        }

        PublishOAuthClient();
        if (ConfigurationFaults() is { Count: > 0 } faults)
        {
            // The service goes on with its old settings, so that a mistake in an option takes no forum down.
            return new BlockedStatus(string.Join(", ", faults));
        }

        if (Unit.IsLeader && Config.S3Enabled)
        {
            workload.UploadAssets(environment);
        }

        workload.Start(environment);
        workload.SetForceHttps(Config.ForceHttps, environment);
        return OAuthClientFault is null ? new ActiveStatus() : new BlockedStatus(InvalidOAuthClient);
    }

    RouteRequest Route() => new(ExternalHostname, ServiceName: App.Name, Port)
    {
        Namespace = Model.Name,
        SessionCookieSeconds = 3600,
    };
}
