using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Redis;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.SignOn.Saml;

/// <summary>Signing in through a SAML provider, from the request to the member.</summary>
sealed partial class SamlSignOn(
    SiteSettings settings, GlobalSettings globals, BaseUrl baseUrl, BrowserSession browser, RedisClient redis, SignOnCompletion completion, SamlRights rights, TimeProvider time,
    ILogger<SamlSignOn> logger)
{
    /// <summary>DISCOURSE_SAML_TARGET_URL turns SAML on whatever saml_enabled says.</summary>
    public bool IsSetByVariable => globals.Text("saml_target_url", null) is not null;

    public SamlSettings Settings => new(settings.Current, baseUrl);

    /// <exception cref="RefusedException">404: SAML is off.</exception>
    public void CheckEnabled()
    {
        if (!settings.Bool("saml_enabled") && !IsSetByVariable)
        {
            throw Refused.NotFound();
        }
    }

    /// <summary>Makes a request and notes that this browser made it.</summary>
    public async Task<(SamlSettings Settings, string Request)> BeginAsync(HttpContext context, string? origin, CancellationToken cancellation)
    {
        var saml = Settings;
        if (!Uri.TryCreate(saml.TargetUrl, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            throw new SignOnException("saml_target_url is not set, or no http address.");
        }

        var id = SamlRequest.NewId();
        await browser.SetAsync(context, "saml:" + id, origin ?? "/", cancellation);
        return (saml, SamlRequest.Create(saml, id, time.GetUtcNow()));
    }

    public async Task<IResult> CompleteAsync(HttpContext context, string answer, CancellationToken cancellation)
    {
        var saml = Settings;
        SamlAssertion assertion;
        try
        {
            assertion = SamlResponse.Read(answer, saml, time.GetUtcNow());
        }
        catch (SignOnException e)
        {
            LogRefused(e.Message);
            throw;
        }

        var origin = assertion.InResponseTo is { } request
            ? await browser.TakeAsync(context, "saml:" + request, cancellation) ?? throw new SignOnException("The login has expired, or was not started in this browser. Please try again.")
            : null;
        await UseOnceAsync(assertion, cancellation);
        var identity = Identity(assertion, saml);
        var rules = new SignOnRules(
            MatchByEmail: true, saml.Flag("auto_create_account") || settings.Bool("auth_skip_create_confirm"), saml.Flag("sync_email"),
            (userId, before, cancel) => rights.SynchroniseAsync(userId, assertion.Attributes, before, saml, cancel));
        return await completion.CompleteAsync(context, identity, rules, origin, cancellation);
    }

    /// <summary>An assertion signs one browser in, once; another copy of it is someone else's.</summary>
    async Task UseOnceAsync(SamlAssertion assertion, CancellationToken cancellation)
    {
        var left = (int)Math.Ceiling((assertion.ValidUntil - time.GetUtcNow()).TotalSeconds) + 120;
        var answer = await redis.SendAsync(["SET", RedisClient.Key("saml-assertion:" + assertion.Id), "1", "NX", "EX", Math.Max(600, left)], cancellation);
        if (answer.Text != "OK")
        {
            LogRefused("replay of " + assertion.Id);
            throw new SignOnException("This answer has been used already. Please log in again.");
        }
    }

    static ExternalIdentity Identity(SamlAssertion assertion, SamlSettings saml)
    {
        var uid = saml.Flag("use_attributes_uid") ? assertion.First(["uid"]) ?? assertion.NameId : assertion.NameId;
        var email = assertion.First(saml.AttributesFor("email")) ?? (uid.Contains('@', StringComparison.Ordinal) ? uid : null);
        var (first, last) = (assertion.First(saml.AttributesFor("first_name")), assertion.First(saml.AttributesFor("last_name")));
        var name = $"{first} {last}".Trim() is { Length: > 0 } whole ? whole : assertion.First(saml.AttributesFor("name"));
        var nickname = saml.Flag("use_attributes_uid") ? uid : assertion.First(saml.AttributesFor("nickname"));
        var raw = new JsonObject();
        foreach (var (key, values) in assertion.Attributes)
        {
            raw[key] = new JsonArray([.. values.Select(value => (JsonNode?)value)]);
        }

        return new ExternalIdentity
        {
            Provider = "saml",
            Uid = uid,
            Email = email is not null && Users.Emails.IsValid(Users.Emails.Clean(email)) ? email : null,
            IsEmailVerified = IsEmailValid(assertion, saml),
            Name = name == email ? null : name,
            Username = saml.Flag("clear_username") ? null : nickname,
            Info = new JsonObject { ["name"] = name, ["email"] = email, ["nickname"] = nickname, ["first_name"] = first, ["last_name"] = last },
            Extra = new JsonObject { ["raw_info"] = raw },
        };
    }

    /// <summary>Whether the provider's word about an address counts; saml_validate_email_fields names groups whose members' addresses do.</summary>
    static bool IsEmailValid(SamlAssertion assertion, SamlSettings saml)
    {
        var groups = SamlRights.Groups(assertion.Attributes, saml);
        return saml.List("validate_email_fields") is { Count: > 0 } fields && groups.Count > 0
            ? fields.Any(field => groups.Contains(field.ToLowerInvariant()))
            : saml.Flag("default_emails_valid") || saml.Flag("skip_email_validation");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A SAML answer was refused: {Reason}")]
    partial void LogRefused(string reason);
}
