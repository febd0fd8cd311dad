using System.Globalization;
using System.Security.Cryptography;

namespace Discourse;

sealed partial class DiscourseCharm
{
    /// <summary>Limits on requests, by the values of the option throttle_level.</summary>
    static readonly Dictionary<string, Dictionary<string, string>> ThrottleLevels = new()
    {
        ["none"] = new()
        {
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "none",
            ["DISCOURSE_MAX_REQS_RATE_LIMIT_ON_PRIVATE"] = "false",
        },
        ["permissive"] = new()
        {
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "warn+block",
            ["DISCOURSE_MAX_REQS_RATE_LIMIT_ON_PRIVATE"] = "false",
            ["DISCOURSE_MAX_REQS_PER_IP_PER_MINUTE"] = "1000",
            ["DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS"] = "100",
            ["DISCOURSE_MAX_USER_API_REQS_PER_MINUTE"] = "3000",
            ["DISCOURSE_MAX_ASSET_REQS_PER_IP_PER_10_SECONDS"] = "400",
            ["DISCOURSE_MAX_USER_API_REQS_PER_DAY"] = "30000",
            ["DISCOURSE_MAX_ADMIN_API_REQS_PER_KEY_PER_MINUTE"] = "3000",
        },
        ["strict"] = new()
        {
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "block",
            ["DISCOURSE_MAX_REQS_RATE_LIMIT_ON_PRIVATE"] = "false",
            ["DISCOURSE_MAX_REQS_PER_IP_PER_MINUTE"] = "200",
            ["DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS"] = "50",
            ["DISCOURSE_MAX_USER_API_REQS_PER_MINUTE"] = "100",
            ["DISCOURSE_MAX_ASSET_REQS_PER_IP_PER_10_SECONDS"] = "200",
        },
    };

    /// <summary>The environment of the service and of every command: how Discourse is told its settings.</summary>
    Dictionary<string, string> Environment(Ready ready)
    {
        var environment = new Dictionary<string, string>
        {
            ["CONTAINER_APP_NAME"] = Workload.ContainerName,
            ["CONTAINER_APP_ROOT"] = Workload.Root,
            ["CONTAINER_APP_USERNAME"] = Workload.User,
            ["RAILS_ENV"] = "production",
            ["DISCOURSE_HOSTNAME"] = ExternalHostname,
            ["DISCOURSE_DEVELOPER_EMAILS"] = Config.DeveloperEmails,
            ["DISCOURSE_MAX_CATEGORY_NESTING"] = Text(Config.MaxCategoryNesting),
            ["DISCOURSE_ENABLE_CORS"] = Text(Config.EnableCors),
            ["DISCOURSE_CORS_ORIGIN"] = CorsOrigin(),
            ["DISCOURSE_REFRESH_MAXMIND_DB_DURING_PRECOMPILE_DAYS"] = "0",
            ["DISCOURSE_SERVE_STATIC_ASSETS"] = "true",
            ["UNICORN_SIDEKIQ_MAX_RSS"] = Text(Config.SidekiqMaxMemory),

            ["DISCOURSE_DB_HOST"] = ready.Database.Host,
            ["DISCOURSE_DB_NAME"] = ready.Database.Database,
            ["DISCOURSE_DB_USERNAME"] = ready.Database.User,
            ["DISCOURSE_DB_PASSWORD"] = ready.Database.Password,
            ["DISCOURSE_REDIS_HOST"] = ready.Redis.Host,
            ["DISCOURSE_REDIS_PORT"] = Text(ready.Redis.Port),

            ["DISCOURSE_SMTP_ADDRESS"] = Config.SmtpAddress,
            ["DISCOURSE_SMTP_AUTHENTICATION"] = Config.SmtpAuthentication,
            ["DISCOURSE_SMTP_DOMAIN"] = Config.SmtpDomain,
            ["DISCOURSE_SMTP_ENABLE_START_TLS"] = Config.SmtpEnableStartTls,
            ["DISCOURSE_SMTP_FORCE_TLS"] = Config.SmtpForceTls,
            ["DISCOURSE_SMTP_OPENSSL_VERIFY_MODE"] = Config.SmtpOpensslVerifyMode,
            ["DISCOURSE_SMTP_PASSWORD"] = Config.SmtpPassword,
            ["DISCOURSE_SMTP_PORT"] = Text(Config.SmtpPort),
            ["DISCOURSE_SMTP_USER_NAME"] = Config.SmtpUsername,
        };

        // PostgreSQL's own port is what Discourse assumes; upstream never tells another.
        if (ready.Database.Port != 5432)
        {
            environment["DISCOURSE_DB_PORT"] = Text(ready.Database.Port);
        }

        AddProxies(environment);
        AddSaml(environment);
        AddOpenIdConnect(environment);
        AddS3(environment);
        foreach (var (name, value) in ThrottleLevels.GetValueOrDefault(Config.ThrottleLevel) ?? [])
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>Origins that browsers may send requests from: those of the option, and the forum's own if it is to be added.</summary>
    string CorsOrigin()
    {
        if (Config.CorsOrigin.Trim() == "*")
        {
            return "*";
        }

        var origins = new HashSet<string>(List(Config.CorsOrigin));
        if (Config.AugmentCorsOrigin)
        {
            origins.Add($"{(Config.ForceHttps ? "https" : "http")}://{ExternalHostname}");
            if (Config.S3CdnUrl.Length > 0)
            {
                origins.Add(Config.S3CdnUrl);
            }
        }

        return string.Join(',', origins.Order(StringComparer.Ordinal));
    }

    void AddProxies(Dictionary<string, string> environment)
    {
        environment["HTTP_PROXY"] = environment["http_proxy"] = Model.Proxy.Http ?? "";
        environment["HTTPS_PROXY"] = environment["https_proxy"] = Model.Proxy.Https ?? "";
        environment["NO_PROXY"] = environment["no_proxy"] = Model.Proxy.No ?? "";
    }

    void AddSaml(Dictionary<string, string> environment)
    {
        if (saml.Provider.Value is not { } provider)
        {
            return;
        }

        environment["DISCOURSE_SAML_TARGET_URL"] = provider.SignOnUrl;
        environment["DISCOURSE_SAML_CERT_FINGERPRINT"] = Fingerprint(provider.Certificate.Span);
        environment["DISCOURSE_SAML_FULL_SCREEN_LOGIN"] = Text(Config.ForceSamlLogin);
        if (List(Config.SamlSyncGroups) is { Length: > 0 } groups)
        {
            // Not a full sync: groups that were given in the forum itself are kept.
            environment["DISCOURSE_SAML_GROUPS_FULLSYNC"] = "false";
            environment["DISCOURSE_SAML_SYNC_GROUPS"] = "true";
            environment["DISCOURSE_SAML_SYNC_GROUPS_LIST"] = string.Join('|', groups);
        }
    }

    void AddOpenIdConnect(Dictionary<string, string> environment)
    {
        if (oauth.Provider.Value is not { } provider || OAuthClientFault is not null)
        {
            return;
        }

        environment["DISCOURSE_OPENID_CONNECT_ENABLED"] = "true";
        environment["DISCOURSE_OPENID_CONNECT_DISCOVERY_DOCUMENT"] = $"{provider.IssuerUrl}/.well-known/openid-configuration";
        environment["DISCOURSE_OPENID_CONNECT_CLIENT_ID"] = provider.ClientId;
        environment["DISCOURSE_OPENID_CONNECT_CLIENT_SECRET"] = provider.ClientSecret;
        environment["DISCOURSE_OPENID_CONNECT_AUTHORIZE_SCOPE"] = OAuthClient.Scope;
        environment["DISCOURSE_OPENID_CONNECT_MATCH_BY_EMAIL"] = "true";
    }

    void AddS3(Dictionary<string, string> environment)
    {
        if (!Config.S3Enabled)
        {
            return;
        }

        environment["DISCOURSE_USE_S3"] = "true";
        environment["FORCE_S3_UPLOADS"] = "true";
        environment["DISCOURSE_S3_ACCESS_KEY_ID"] = Config.S3AccessKeyId;
        environment["DISCOURSE_S3_SECRET_ACCESS_KEY"] = Config.S3SecretAccessKey;
        environment["DISCOURSE_S3_BUCKET"] = Config.S3Bucket;
        environment["DISCOURSE_S3_REGION"] = Config.S3Region;
        environment["DISCOURSE_S3_ENDPOINT"] = Config.S3Endpoint;
        environment["DISCOURSE_S3_INSTALL_CORS_RULE"] = Text(Config.S3InstallCorsRule);
        if (Config.S3BackupBucket.Length > 0)
        {
            environment["DISCOURSE_BACKUP_LOCATION"] = "s3";
            environment["DISCOURSE_S3_BACKUP_BUCKET"] = Config.S3BackupBucket;
        }

        if (Config.S3CdnUrl.Length > 0)
        {
            environment["DISCOURSE_S3_CDN_URL"] = Config.S3CdnUrl;
        }
    }

#pragma warning disable CA5350 // Discourse's SAML plugin identifies the certificate by its SHA-1 fingerprint.
    static string Fingerprint(ReadOnlySpan<byte> certificate) => string.Join(':', SHA1.HashData(certificate).Select(b => $"{b:X2}"));
#pragma warning restore CA5350

    static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static string Text(bool value) => value ? "true" : "false";

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
