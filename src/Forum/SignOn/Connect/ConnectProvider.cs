using Forum.Configuration;
using Forum.Database;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.SignOn.Connect;

/// <summary>DiscourseConnect as provider: other sites learn from the forum who their visitor is.</summary>
/// <remarks>Source: the reference on authentication, section 6.</remarks>
static class ConnectProvider
{
    /// <summary>Holds the other site's question while the visitor logs in.</summary>
    public const string Cookie = "sso_payload";

    public static async Task<IResult> ShowAsync(
        HttpContext context, Parameters given, CurrentUser current, ForumDatabase database, AuthTokens tokens, SiteSettings settings, BaseUrl baseUrl, GlobalSettings globals,
        CancellationToken cancellation)
    {
        if (!settings.Bool("enable_discourse_connect_provider"))
        {
            throw Refused.NotFound();
        }

        var query = given.Text("sso") is null && context.Request.Cookies[Cookie] is { Length: > 0 and < 4096 } kept ? Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(kept) : null;
        var (sso, sig) = query is null ? (given.Required("sso"), given.Required("sig")) : (query["sso"].ToString(), query["sig"].ToString());
        var asked = ConnectPayload.ReadUnsigned(sso) ?? throw Refused.Invalid("The payload cannot be read.");
        if (asked["return_sso_url"] is not { } back || !Uri.TryCreate(back, UriKind.Absolute, out var site) || site.Scheme is not ("http" or "https"))
        {
            throw new RefusedException(400, null, "return_sso_url is blank, it must be provided");
        }

        var secret = SecretFor(site.Host, settings) ?? throw new RefusedException(400, null, "The secret for this domain is not set on the provider's side.");
        if (ConnectPayload.Read(sso, sig, secret) is not { } request)
        {
            throw Refused.Invalid("The signature of the payload is not valid.");
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/" });
        if (request.Flag("logout") == true)
        {
            if (!current.IsAnonymous)
            {
                await tokens.DeleteAllAsync(database, current.Id, null, cancellation);
                context.Response.Cookies.Delete(globals.Environment.GetValueOrDefault("DISCOURSE_TOKEN_COOKIE") is { Length: > 0 } name ? name : "_t", new CookieOptions { Path = "/" });
            }

            return Results.Redirect(back);
        }

        if (current.IsAnonymous)
        {
            if (request["prompt"] == "none")
            {
                return Results.Redirect(new ConnectPayload { ["nonce"] = request["nonce"], ["failed"] = "true" }.AddTo(back, secret));
            }

            context.Response.Cookies.Append(Cookie, $"sso={Uri.EscapeDataString(sso)}&sig={sig}", new CookieOptions
            {
                Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = settings.Bool("force_https"), MaxAge = TimeSpan.FromMinutes(30),
            });
            return Results.Redirect(globals.RelativeUrlRoot + "/login");
        }

        return Results.Redirect((await AnswerAsync(request, current, database, baseUrl, cancellation)).AddTo(back, secret));
    }

    static async Task<ConnectPayload> AnswerAsync(ConnectPayload request, CurrentUser user, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var row = await database.FindAsync("""
            SELECT e.email, p.bio_raw, p.website, p.location,
                ARRAY(SELECT g.name FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = u.id ORDER BY g.name)
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            LEFT JOIN user_profiles p ON p.user_id = u.id
            WHERE u.id = $1
            """, row => (Email: row.TextOrNull(0), Bio: row.TextOrNull(1), Website: row.TextOrNull(2), Location: row.TextOrNull(3), Groups: row.GetFieldValue<string[]>(4)), [user.Id], cancellation);
        var answer = new ConnectPayload
        {
            ["nonce"] = request["nonce"],
            ["name"] = user.Name,
            ["username"] = user.Username,
            ["email"] = row.Email,
            ["external_id"] = user.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["admin"] = user.IsAdmin ? "true" : "false",
            ["moderator"] = user.IsModerator ? "true" : "false",
            ["groups"] = string.Join(',', row.Groups),
            ["title"] = user.Title,
            ["bio"] = row.Bio,
            ["website"] = row.Website,
            ["location"] = row.Location,
            ["locale"] = user.Locale,
            ["avatar_url"] = baseUrl.Absolute(Viewing.Avatars.Template(user.Username, user.UploadedAvatarId, baseUrl.Host).Replace("{size}", "240", StringComparison.Ordinal)),
        };
        if (request.Flag("require_2fa") == true)
        {
            var hasFactor = (await SecondFactorStore.ListAsync(database, user.Id, cancellation)).Any(factor => factor.Method == SecondFactorMethod.Totp);
            // Whoever has a factor used it to sign in; who has none is told apart.
            answer[hasFactor ? "confirmed_2fa" : "no_2fa_methods"] = "true";
        }

        return answer;
    }

    /// <summary>discourse_connect_provider_secrets: domain|secret pairs, one a line; *.example.com stands for all below.</summary>
    static string? SecretFor(string host, SiteSettings settings)
    {
        foreach (var line in settings.Text("discourse_connect_provider_secrets").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i + 1 < words.Length; i += 2)
            {
                var domain = words[i];
                if (domain.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(domain[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(domain, StringComparison.OrdinalIgnoreCase))
                {
                    return words[i + 1];
                }
            }
        }

        return null;
    }
}
