using FsCheck;
using FsCheck.Fluent;
using Ops.Relations.AlertRules;
using Ops.Relations.Databags;
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

namespace Ops.Relations.Tests;

/// <summary>Whatever stands in a databag, a reader gives a value or a reason.</summary>
public sealed class HostileDatabagTests
{
    /// <summary>A databag that each reader accepts, to be spoilt key by key.</summary>
    static readonly Dictionary<string, string> Sound = new()
    {
        ["endpoints"] = "10.0.0.1:5432", ["username"] = "u", ["password"] = "p", ["database"] = "discourse",
        ["requested-secrets"] = """["username"]""", ["hostname"] = "10.0.0.2", ["port"] = "6379", ["host"] = "mail.example",
        ["service-hostname"] = "forum.example", ["service-name"] = "discourse", ["service-port"] = "3000", ["path-routes"] = "/",
        ["name"] = "\"app\"", ["model"] = "\"m\"", ["ingress"] = """{"url": "http://a/b"}""", ["endpoint"] = """{"url": "http://loki:3100/push"}""",
        ["issuer_url"] = "https://i", ["authorization_endpoint"] = "https://i/a", ["token_endpoint"] = "https://i/t",
        ["introspection_endpoint"] = "https://i/n", ["userinfo_endpoint"] = "https://i/u", ["jwks_endpoint"] = "https://i/j", ["scope"] = "openid",
        ["client_id"] = "c", ["client_secret"] = "s",
        ["entity_id"] = "e", ["x509certs"] = "AAAA", ["single_sign_on_service_redirect_url"] = "https://i/saml",
        ["single_sign_on_service_redirect_binding"] = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        ["bucket"] = "b", ["access-key"] = "k", ["secret-key"] = "s",
        ["scrape_metadata"] = """{"model": "m", "model_uuid": "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "application": "a"}""",
        ["scrape_jobs"] = """[{"metrics_path": "/metrics", "static_configs": [{"targets": ["*:3000"]}]}]""",
        ["alert_rules"] = """{"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up"}]}]}""",
        ["prometheus_scrape_unit_address"] = "10.0.0.3",
    };

    static readonly string[] Spoilt =
    [
        "", "\0", "\n", "a\nb", "None", "null", "[]", "{}", "[{}]", "{\"url\": 1}", "{\"groups\": [1]}", "{\"groups\": [{\"name\": \"g\", \"rules\": {}}]}",
        "-1", "0", "999999999999", "1e9", "::", "host:", ":5432", "a:b:c", "[::1", "../../etc/passwd", "http://", "http://a b", "file:///etc/passwd",
        "\ud800", "\"", "\"a\" onload", "'; DROP TABLE users; --", "${HOME}", "`id`", "[[[[[[", "secret:", "--help", "=", new string('a', 100_000), new string('[', 100_000),
    ];

    static readonly Func<IReadOnlyDictionary<string, string>, string>[] Readers =
    [
        bag => Outcome(DatabaseConnection.Read(bag)),
        bag => Outcome(DatabaseRequest.Read(bag)),
        bag => Outcome(RedisAddress.Read(new Dictionary<string, string>(), bag)),
        bag => Outcome(RouteRequestReader.Read(bag)),
        bag => Outcome(IngressRequest.Read(bag.Where(pair => pair.Key != "port").Append(new("port", bag.GetValueOrDefault("port", ""))).ToDictionary())),
        bag => Outcome(IngressUrl.Read(bag)),
        bag => Outcome(LokiEndpoint.Read(bag)),
        bag => Outcome(OAuthProviderInfo.Read(bag, _ => null)),
        bag => Outcome(SamlProviderInfo.Read(bag)),
        bag => Outcome(S3Bucket.Read(bag.Where(pair => pair.Key != "endpoint").ToDictionary(), _ => null)),
        bag => Outcome(SmtpServer.Read(bag, _ => null)),
        bag => Outcome(ScrapeJobs.Read(bag)),
        bag => Outcome(ScrapeMetadata.Read(bag)),
        bag => Outcome(ScrapeTarget.Read(bag)),
        bag => Outcome(ReceivedAlertRules.Read(bag)),
    ];

    [Fact]
    public void Sound_data_is_accepted_by_every_reader()
    {
        foreach (var read in Readers)
        {
            Assert.Equal("ready", read(Sound));
        }
    }

    [Fact]
    public void Spoilt_values_give_a_value_or_a_reason()
    {
        foreach (var key in Sound.Keys)
        {
            foreach (var value in Spoilt)
            {
                var bag = new Dictionary<string, string>(Sound) { [key] = value };
                foreach (var read in Readers)
                {
                    Assert.NotEqual("", read(bag));
                }
            }
        }
    }

    [Fact]
    public void Missing_keys_give_a_value_or_a_reason()
    {
        foreach (var key in Sound.Keys)
        {
            var bag = Sound.Where(pair => pair.Key != key).ToDictionary();
            foreach (var read in Readers)
            {
                Assert.NotEqual("", read(bag));
            }
        }
    }

    [Fact]
    public void Random_texts_give_a_value_or_a_reason()
    {
        var keys = Sound.Keys.ToArray();
        Prop.ForAll<string, int>((text, number) =>
        {
            var bag = new Dictionary<string, string>(Sound) { [keys[(int)((uint)number % keys.Length)]] = text ?? "" };
            return Readers.All(read => read(bag).Length > 0);
        }).QuickCheckThrowOnFailure();
    }

    static string Outcome<T>(Reading<T> reading) where T : class => reading.Value is not null ? "ready" : reading.Reason;
}
