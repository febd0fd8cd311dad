using Ops.Relations.OAuth;

namespace Discourse;

sealed partial class DiscourseCharm
{
    const string InvalidOAuthClient = "Invalid OAuth client config, check the logs for more info.";

    /// <summary>The client that an identity provider is asked to register.</summary>
    OAuthClient OAuthClient => new($"https://{ExternalHostname}/auth/oidc/callback", Scope: "openid email");

    /// <summary>Why the provider would refuse that client, such as a host name without a dot; null if it would not, or if there is none.</summary>
    string? OAuthClientFault => oauth.IsRelated ? OAuthClient.Fault() : null;

    void PublishOAuthClient()
    {
        if (OAuthClientFault is { } fault)
        {
            Log.Error($"invalid OAuth client config: {fault}");
            return;
        }

        oauth.Publish(OAuthClient);
    }

    /// <summary>Everything that is wrong with the configuration, for the blocked status.</summary>
    List<string> ConfigurationFaults()
    {
        var faults = new List<string>();
        if (Config.EnableCors && Config.CorsOrigin.Length == 0 && !Config.AugmentCorsOrigin)
        {
            faults.Add("invalid CORS config, `augment_cors_origin` must be enabled or `cors_origin` must be non-empty");
        }

        if (!ThrottleLevels.ContainsKey(Config.ThrottleLevel))
        {
            faults.Add($"throttle_level must be one of: {string.Join(' ', ThrottleLevels.Keys)}");
        }

        if (Config.ForceSamlLogin && !saml.IsRelated)
        {
            faults.Add("force_saml_login cannot be true without a saml relation");
        }

        if (Config.MaxCategoryNesting is not (2 or 3))
        {
            faults.Add("max_category_nesting must be one of: 2, 3");
        }

        if (Config.SamlSyncGroups.Length > 0 && !saml.IsRelated)
        {
            faults.Add("'saml_sync_groups' cannot be specified without a saml relation");
        }

        if (saml.IsRelated && !Config.ForceHttps)
        {
            faults.Add("A saml relation cannot be specified without 'force_https' being true");
        }

        if (oauth.IsRelated && !Config.ForceHttps)
        {
            faults.Add("An oauth relation cannot be established without 'force_https' being true");
        }

        AddMissingS3Options(faults);
        faults.AddRange(SingleSignOnFaults());
        return faults;
    }

    void AddMissingS3Options(List<string> faults)
    {
        if (!Config.S3Enabled)
        {
            return;
        }

        Require("s3_access_key_id", Config.S3AccessKeyId);
        Require("s3_bucket", Config.S3Bucket);
        Require("s3_region", Config.S3Region);
        Require("s3_secret_access_key", Config.S3SecretAccessKey);

        void Require(string option, string value)
        {
            if (value.Length == 0)
            {
                faults.Add($"'s3_enabled' requires '{option}'");
            }
        }
    }

    // What the identity providers wrote is theirs: a fault in it blocks with its reason instead of failing the hook.
    IEnumerable<string> SingleSignOnFaults()
    {
        if (oauth.IsRelated && oauth.Provider.IsFaulty)
        {
            yield return $"Invalid oauth relation data: {oauth.Provider.Reason}";
        }

        if (saml.IsRelated && saml.Provider.IsFaulty)
        {
            yield return $"Invalid saml relation data: {saml.Provider.Reason}";
        }
    }
}
