using Ops;
using Ops.Testing;

namespace Discourse.Tests;

/// <summary>What of the configuration blocks the charm, and with which message.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("enable_cors=true cors_origin= augment_cors_origin=false",
        "invalid CORS config, `augment_cors_origin` must be enabled or `cors_origin` must be non-empty")]
    [InlineData("enable_cors=false cors_origin= augment_cors_origin=false", null)]
    [InlineData("enable_cors=true cors_origin=* augment_cors_origin=false", null)]
    [InlineData("throttle_level=none", null)]
    [InlineData("throttle_level=permissive", null)]
    [InlineData("throttle_level=strict", null)]
    [InlineData("throttle_level=Strict", "throttle_level must be one of: none permissive strict")]
    [InlineData("force_saml_login=true", "force_saml_login cannot be true without a saml relation")]
    [InlineData("max_category_nesting=1", "max_category_nesting must be one of: 2, 3")]
    [InlineData("max_category_nesting=3", null)]
    [InlineData("saml_sync_groups=a", "'saml_sync_groups' cannot be specified without a saml relation")]
    [InlineData("saml", "A saml relation cannot be specified without 'force_https' being true")]
    [InlineData("saml force_https=true force_saml_login=true saml_sync_groups=a,b", null)]
    [InlineData("oauth external_hostname=forum.example", "An oauth relation cannot be established without 'force_https' being true")]
    [InlineData("oauth force_https=true external_hostname=forum.example", null)]
    [InlineData("s3_enabled=true",
        "'s3_enabled' requires 's3_access_key_id', 's3_enabled' requires 's3_bucket', 's3_enabled' requires 's3_region', 's3_enabled' requires 's3_secret_access_key'")]
    [InlineData("s3_enabled=true s3_access_key_id=a s3_region=b s3_secret_access_key=c", "'s3_enabled' requires 's3_bucket'")]
    [InlineData("s3_enabled=true s3_access_key_id=a s3_region=b s3_secret_access_key=c s3_bucket=d", null)]
    [InlineData("throttle_level=x max_category_nesting=9 force_saml_login=true",
        "throttle_level must be one of: none permissive strict, force_saml_login cannot be true without a saml relation, max_category_nesting must be one of: 2, 3")]
    public void Faults_are_all_told_at_once(string configuration, string? message)
    {
        var outcome = World.Run(Event.ConfigChanged, Configured(configuration));

        Assert.Equal(message is null ? new ActiveStatus() : new BlockedStatus(message), outcome.State.UnitStatus);
        Assert.Equal(message is null, outcome.State.HasService());
    }

    [Theory]
    [InlineData("x509certs", "%%%", "Invalid saml relation data: \"x509certs\" does not begin with a base64 certificate")]
    [InlineData("single_sign_on_service_redirect_url", "ldap://x",
        "Invalid saml relation data: \"single_sign_on_service_redirect_url\" is \"ldap://x\", not an http URL")]
    public void Saml_data_that_cannot_be_used_blocks_with_the_reason(string key, string value, string message)
    {
        var state = Configured("force_https=true").With(World.Saml.WithRemoteApp(key, value));

        Assert.Equal(new BlockedStatus(message), World.Run(Event.ConfigChanged, state).State.UnitStatus);
    }

    [Fact]
    public void Host_name_that_an_identity_provider_refuses_blocks_and_leaves_the_rest_running()
    {
        var outcome = World.Run(Event.ConfigChanged, Configured("oauth force_https=true"));

        Assert.Equal(new BlockedStatus("Invalid OAuth client config, check the logs for more info."), outcome.State.UnitStatus);
        Assert.True(outcome.State.IsRunning());
        Assert.DoesNotContain("DISCOURSE_OPENID_CONNECT_ENABLED", outcome.State.Environment().Keys);
        Assert.Empty(outcome.State.GetRelation("oauth").LocalAppData);
        Assert.Contains(outcome.Logs, line => line.Message.Contains("\"https://discourse-k8s/auth/oidc/callback\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Oauth_data_that_cannot_be_used_blocks_with_the_reason()
    {
        var state = Configured("force_https=true external_hostname=forum.example").With(World.Oauth.WithRemoteApp("jwks_endpoint", "file:///etc/passwd"));

        Assert.Equal(
            new BlockedStatus("Invalid oauth relation data: \"jwks_endpoint\" is \"file:///etc/passwd\", not an http URL"),
            World.Run(Event.ConfigChanged, state).State.UnitStatus);
    }

    /// <summary>Words of the form option=value, or the name of a relation.</summary>
    internal static State Configured(string words)
    {
        var state = World.Ready;
        foreach (var word in words.Split(' '))
        {
            state = word.Split('=', 2) switch
            {
                ["saml"] => state.With(World.Saml),
                ["oauth"] => state.With(World.Oauth),
                [var option, "true"] => state.WithConfig(option, true),
                [var option, "false"] => state.WithConfig(option, false),
                [var option, var value] when int.TryParse(value, out var number) => state.WithConfig(option, number),
                [var option, var value] => state.WithConfig(option, value),
                _ => state,
            };
        }

        return state;
    }
}
