using Ops.Testing;

namespace Discourse.Tests;

/// <summary>How options and integrations become the environment of the workload.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void Defaults_are_those_of_the_upstream_charm()
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["CONTAINER_APP_NAME"] = "discourse", ["CONTAINER_APP_ROOT"] = "/srv/discourse", ["CONTAINER_APP_USERNAME"] = "_daemon_",
            ["DISCOURSE_CORS_ORIGIN"] = "http://discourse-k8s", ["DISCOURSE_DB_HOST"] = "postgresql-k8s-primary", ["DISCOURSE_DB_NAME"] = "discourse",
            ["DISCOURSE_DB_PASSWORD"] = "geheim", ["DISCOURSE_DB_USERNAME"] = "relation_id_1", ["DISCOURSE_DEVELOPER_EMAILS"] = "",
            ["DISCOURSE_ENABLE_CORS"] = "true", ["DISCOURSE_HOSTNAME"] = "discourse-k8s", ["DISCOURSE_MAX_CATEGORY_NESTING"] = "2",
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "none", ["DISCOURSE_MAX_REQS_RATE_LIMIT_ON_PRIVATE"] = "false",
            ["DISCOURSE_REDIS_HOST"] = "10.1.0.7", ["DISCOURSE_REDIS_PORT"] = "6379",
            ["DISCOURSE_REFRESH_MAXMIND_DB_DURING_PRECOMPILE_DAYS"] = "0", ["DISCOURSE_SERVE_STATIC_ASSETS"] = "true",
            ["DISCOURSE_SMTP_ADDRESS"] = "", ["DISCOURSE_SMTP_AUTHENTICATION"] = "none", ["DISCOURSE_SMTP_DOMAIN"] = "",
            ["DISCOURSE_SMTP_ENABLE_START_TLS"] = "true", ["DISCOURSE_SMTP_FORCE_TLS"] = "false", ["DISCOURSE_SMTP_OPENSSL_VERIFY_MODE"] = "none",
            ["DISCOURSE_SMTP_PASSWORD"] = "", ["DISCOURSE_SMTP_PORT"] = "587", ["DISCOURSE_SMTP_USER_NAME"] = "",
            ["HTTPS_PROXY"] = "", ["HTTP_PROXY"] = "", ["NO_PROXY"] = "", ["RAILS_ENV"] = "production", ["UNICORN_SIDEKIQ_MAX_RSS"] = "1000",
            ["http_proxy"] = "", ["https_proxy"] = "", ["no_proxy"] = "",
        };

        Assert.Equal(expected, new SortedDictionary<string, string>(World.Settled().Environment().ToDictionary(), StringComparer.Ordinal));
    }

    [Fact]
    public void Service_and_check_are_those_of_the_upstream_charm()
    {
        var plan = World.Settled().GetContainer("discourse").Plan;

        var service = plan.Services["discourse"];
        Assert.Equal(("/srv/scripts/app_launch.sh", "_daemon_", "enabled", TimeSpan.FromSeconds(20)), (service.Command, service.User, service.Startup, service.KillDelay));
        Assert.Equal(("ready", "http://localhost:3000/srv/status"), (plan.Checks["discourse-ready"].Level, plan.Checks["discourse-ready"].Http?.Url));
    }

    [Theory]
    [InlineData("cors_origin=*", "*")]
    [InlineData("cors_origin=", "http://discourse-k8s")]
    [InlineData("external_hostname=forum.example force_https=true", "https://forum.example")]
    [InlineData("cors_origin=https://b,,https://a external_hostname=c", "http://c,https://a,https://b")]
    [InlineData("cors_origin=https://a augment_cors_origin=false", "https://a")]
    [InlineData("s3_cdn_url=https://cdn external_hostname=c", "http://c,https://cdn")]
    public void Cors_origins_are_a_sorted_set(string configuration, string expected) =>
        Assert.Equal(expected, Environment(configuration)["DISCOURSE_CORS_ORIGIN"]);

    [Theory]
    [InlineData("developer_emails=a@b", "DISCOURSE_DEVELOPER_EMAILS", "a@b")]
    [InlineData("enable_cors=false", "DISCOURSE_ENABLE_CORS", "false")]
    [InlineData("sidekiq_max_memory=700", "UNICORN_SIDEKIQ_MAX_RSS", "700")]
    [InlineData("smtp_address=mail", "DISCOURSE_SMTP_ADDRESS", "mail")]
    [InlineData("smtp_username=u", "DISCOURSE_SMTP_USER_NAME", "u")]
    [InlineData("smtp_port=25", "DISCOURSE_SMTP_PORT", "25")]
    [InlineData("throttle_level=permissive", "DISCOURSE_MAX_ADMIN_API_REQS_PER_KEY_PER_MINUTE", "3000")]
    [InlineData("throttle_level=permissive", "DISCOURSE_MAX_REQS_PER_IP_MODE", "warn+block")]
    [InlineData("throttle_level=strict", "DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS", "50")]
    [InlineData("throttle_level=strict", "DISCOURSE_MAX_USER_API_REQS_PER_DAY", null)]
    [InlineData("saml force_https=true", "DISCOURSE_SAML_TARGET_URL", "https://login.example/saml")]
    [InlineData("saml force_https=true", "DISCOURSE_SAML_CERT_FINGERPRINT", "34:49:1F:E8:77:74:51:49:64:6C:E2:8C:6B:98:96:1E:91:24:39:0B")]
    [InlineData("saml force_https=true force_saml_login=true", "DISCOURSE_SAML_FULL_SCREEN_LOGIN", "true")]
    [InlineData("saml force_https=true saml_sync_groups=a,,b", "DISCOURSE_SAML_SYNC_GROUPS_LIST", "a|b")]
    [InlineData("saml force_https=true", "DISCOURSE_SAML_SYNC_GROUPS", null)]
    [InlineData("oauth force_https=true external_hostname=f.example", "DISCOURSE_OPENID_CONNECT_CLIENT_SECRET", "wissen")]
    [InlineData("oauth force_https=true external_hostname=f.example", "DISCOURSE_OPENID_CONNECT_DISCOVERY_DOCUMENT",
        "https://login.example/.well-known/openid-configuration")]
    [InlineData("s3_bucket=ignored", "DISCOURSE_S3_BUCKET", null)]
    public void Option_becomes_a_variable(string configuration, string name, string? expected) =>
        Assert.Equal(expected, Environment(configuration).GetValueOrDefault(name));

    [Fact]
    public void Proxies_of_the_model_are_passed_on_in_both_spellings()
    {
        var charm = new Context<DiscourseCharm> { Environment = new Dictionary<string, string> { ["JUJU_CHARM_HTTP_PROXY"] = "http://proxy:3128" } };

        var environment = charm.Run(Event.ConfigChanged, World.Ready).State.Environment();

        Assert.Equal(("http://proxy:3128", "http://proxy:3128"), (environment["HTTP_PROXY"], environment["http_proxy"]));
    }

    [Fact]
    public void Plain_credentials_of_an_older_provider_are_taken()
    {
        var plain = World.Database with
        {
            RemoteAppData = new Dictionary<string, string>
            {
                ["database"] = "discourse", ["endpoints"] = "old:5433", ["username"] = "u", ["password"] = "p",
            },
        };

        var environment = World.Settled(World.Ready.With(plain)).Environment();

        Assert.Equal(("old", "5433", "u", "p"),
            (environment["DISCOURSE_DB_HOST"], environment["DISCOURSE_DB_PORT"], environment["DISCOURSE_DB_USERNAME"], environment["DISCOURSE_DB_PASSWORD"]));
    }

    static IReadOnlyDictionary<string, string> Environment(string configuration) =>
        World.Settled(ConfigurationTests.Configured(configuration)).Environment();
}
