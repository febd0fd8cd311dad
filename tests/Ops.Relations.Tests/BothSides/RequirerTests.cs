using Ops.Relations.S3;
using Ops.Relations.Saml;
using Ops.Relations.Smtp;
using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

/// <summary>Requirers whose provider is no charm of ours: its databag stands here as the field's libraries write it.</summary>
public sealed class RequirerTests
{
    static readonly SecretState Secret = new(new Dictionary<string, string>
    {
        ["secret"] = "wissen", ["password"] = "postgeheim", ["access-key"] = "AKIA", ["secret-key"] = "s3geheim",
    })
    {
        Id = "secret:d2v7kqnmp25c762p8ku0",
    };

    static readonly Dictionary<string, Dictionary<string, string>> Bags = new()
    {
        ["oauth"] = new()
        {
            ["issuer_url"] = "https://i", ["authorization_endpoint"] = "https://i/a", ["token_endpoint"] = "https://i/t",
            ["introspection_endpoint"] = "https://i/n", ["userinfo_endpoint"] = "https://i/u", ["jwks_endpoint"] = "https://i/j",
            ["scope"] = "openid", ["client_id"] = "forum", ["client_secret_id"] = Secret.Id, ["groups"] = "[\"a\"]",
        },
        ["s3"] = new() { ["bucket"] = "b", ["secret-extra"] = Secret.Id, ["endpoint"] = "https://s3.example", ["s3-uri-style"] = "path" },
        ["smtp"] = new() { ["host"] = "mail", ["port"] = "587", ["user"] = "u", ["password_id"] = Secret.Id, ["transport_security"] = "starttls", ["auth_type"] = "plain" },
    };

    [Fact]
    public void Oauth_secret_is_read_when_granted()
    {
        Assert.Equal("wissen", Read("oauth", charm => charm.Oauth.Provider.Value!.ClientSecret, granted: true));
        Assert.Equal("the client's secret is missing or not granted", Read("oauth", charm => charm.Oauth.Provider.Reason, granted: false));
    }

    [Fact]
    public void S3_keys_are_read_from_their_secret()
    {
        Assert.Equal(
            new S3Bucket("b", "AKIA", "s3geheim") { Endpoint = "https://s3.example", IsPathStyle = true },
            Read("s3", charm => charm.S3.Bucket.Value, granted: true));
        Assert.False(Read("s3", charm => charm.S3.Bucket, granted: false).IsFaulty);
    }

    [Fact]
    public void Smtp_password_is_read_from_its_secret() => Assert.Equal(
        new SmtpServer("mail", 587) { User = "u", Password = "postgeheim", Authentication = "plain", TransportSecurity = "starttls" },
        Read("smtp", charm => charm.Smtp.Server.Value, granted: true));

    [Fact]
    public void Nothing_of_it_is_printed()
    {
        Assert.DoesNotContain("geheim", $"{Read("s3", charm => charm.S3.Bucket.Value, granted: true)}", StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", $"{Read("smtp", charm => charm.Smtp.Server.Value, granted: true)}", StringComparison.Ordinal);
        Assert.DoesNotContain("wissen", $"{Read("oauth", charm => charm.Oauth.Provider.Value, granted: true)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oauth")]
    [InlineData("saml")]
    [InlineData("s3")]
    [InlineData("smtp")]
    [InlineData("logging")]
    [InlineData("database")]
    [InlineData("redis")]
    [InlineData("ingress")]
    [InlineData("metrics-endpoint")]
    public void Requirer_survives_every_event_of_an_empty_relation(string endpoint)
    {
        foreach (var isLeader in (bool[])[true, false])
        {
            var relation = new RelationState(endpoint);
            var state = new State { Leader = isLeader, Relations = [relation] };
            var context = new Context<RequirerCharm>();
            Event[] events =
            [
                Event.RelationCreated(relation), Event.RelationJoined(relation), Event.RelationChanged(relation), Event.RelationChanged(relation, 0),
                Event.RelationDeparted(relation), Event.RelationBroken(relation), Event.LeaderElected, Event.UpgradeCharm, Event.UpdateStatus,
            ];

            Assert.All(events, e => context.Run(e, state));
        }
    }

    [Fact]
    public void Data_of_saml_is_an_event()
    {
        var relation = new RelationState("saml") { RemoteAppData = new Dictionary<string, string> { ["entity_id"] = "e" } };

        var outcome = new Context<RequirerCharm>().Run(Event.RelationChanged(relation), new State { Relations = [relation] });

        Assert.Contains(outcome.EmittedEvents, e => e is SamlDataAvailableEvent);
    }

    [Fact]
    public void Bucket_is_asked_for_by_the_leader()
    {
        var relation = new RelationState("s3");

        var outcome = new Context<RequirerCharm>().Run(Event.RelationJoined(relation), new State { Leader = true, Relations = [relation] });

        Assert.Equal("uploads", outcome.State.GetRelation("s3").LocalAppData["bucket"]);
    }

    static T Read<T>(string endpoint, Func<RequirerCharm, T> read, bool granted)
    {
        T? value = default;
        var state = new State
        {
            Relations = [new RelationState(endpoint) { RemoteAppData = Bags[endpoint] }],
            Secrets = granted ? [Secret] : [],
        };
        new Context<RequirerCharm>().Run(Event.UpdateStatus, state, charm => value = read(charm));
        return value!;
    }
}
