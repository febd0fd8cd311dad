using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Groups;
using Forum.Mail;
using Forum.Pages;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Invites;

/// <summary>Inviting people by mail or by link: /invites.</summary>
static class InvitesApi
{
    public static void MapInvites(this IEndpointRouteBuilder routes)
    {
        var invites = routes.MapGroup("/invites").RequireLogin();
        invites.MapPost("", CreateAsync).Named("invites#create");
        invites.MapPost("/create-multiple", CreateMultipleAsync).Named("invites#create_multiple");
        invites.MapDelete("", DeleteAsync).Named("invites#destroy");
        invites.MapGet("/retrieve", RetrieveAsync).Named("invites#retrieve");
        invites.MapGet("/{key}", ShowAsync).AllowAnyone().OpenToVisitors().Named("invites#show");
        invites.MapPut("/show/{key}", RedeemAsync).AllowAnyone().OpenToVisitors().Named("invites#perform_accept_invitation");
    }

    static async Task<IResult> CreateAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, Mailer mailer, RateLimiter limiter, SiteSettings settings, BaseUrl baseUrl, TimeProvider time, CancellationToken cancellation)
    {
        await CheckMayInviteAsync(current, limiter, settings, cancellation);
        return Replies.Json(await AddAsync(parameters, parameters.Text("email"), current, database, mailer, settings, baseUrl, time, cancellation));
    }

    static async Task<IResult> CreateMultipleAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, Mailer mailer, RateLimiter limiter, SiteSettings settings, BaseUrl baseUrl, TimeProvider time, CancellationToken cancellation)
    {
        if (!current.IsStaff)
        {
            throw Refused.InvalidAccess();
        }

        await CheckMayInviteAsync(current, limiter, settings, cancellation);
        var failed = new JsonArray();
        var made = new JsonArray();
        foreach (var email in (parameters.List("email") ?? throw Refused.Missing("email")).Take(100))
        {
            try
            {
                made.Add(new JsonObject { ["email"] = email, ["invite"] = await AddAsync(parameters, email, current, database, mailer, settings, baseUrl, time, cancellation) });
            }
            catch (RefusedException e)
            {
                failed.Add(new JsonObject { ["email"] = email, ["error"] = e.Message });
            }
        }

        return Replies.Json(new JsonObject
        {
            ["num_successfully_created_invitations"] = made.Count,
            ["num_failed_invitations"] = failed.Count,
            ["failed_invitations"] = failed,
            ["successful_invitations"] = made,
        });
    }

    static async Task CheckMayInviteAsync(CurrentUser current, RateLimiter limiter, SiteSettings settings, CancellationToken cancellation)
    {
        if (!current.IsStaff && !current.IsInAny(settings.Ids("invite_allowed_groups")))
        {
            throw Refused.InvalidAccess();
        }

        if (!current.IsStaff)
        {
            await limiter.PerformAsync($"invites-per-day:{current.Id}", settings.Int("max_invites_per_day"), TimeSpan.FromDays(1), cancellation);
        }
    }

    static async Task<JsonObject> AddAsync(
        Parameters parameters, string? address, CurrentUser current, ForumDatabase database, Mailer mailer, SiteSettings settings, BaseUrl baseUrl, TimeProvider time, CancellationToken cancellation)
    {
        var email = address is { Length: > 0 } ? Emails.Clean(address) : null;
        if (email is not null && !Emails.IsValid(email))
        {
            throw Refused.Invalid($"{email} isn't a valid email address.");
        }

        if (email is not null && await database.ScalarAsync<string>(
            "SELECT u.username FROM users u JOIN user_emails e ON e.user_id = u.id WHERE lower(e.email) = $1 AND NOT u.staged", [email], cancellation) is { } known)
        {
            throw Refused.Invalid(settings.Bool("hide_email_address_taken") && !current.IsStaff
                ? "There's no need to invite this address; they may already have an account." : $"There's no need to invite {email}, they already have an account ({known}).");
        }

        var now = time.GetUtcNow().UtcDateTime;
        var expires = DateTime.TryParse(parameters.Text("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var given)
            ? given : now.AddDays(settings.Int("invite_expiry_days"));
        var skipEmail = parameters.Flag("skip_email") || email is null;
        var key = Base36(10) + Base36(10);
        var emailToken = email is null ? null : Base36(16);
        await using var work = await database.BeginAsync(cancellation);
        var id = await work.ScalarAsync<int>("""
            INSERT INTO invites (invite_key, email, invited_by_id, custom_message, emailed_status, max_redemptions_allowed, expires_at, email_token, domain, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
            RETURNING id
            """,
            [
                key, email, current.Id, parameters.Text("custom_message"), skipEmail ? 0 : 1, email is null ? Math.Clamp(parameters.Int("max_redemptions_allowed") ?? 1, 1, current.IsStaff ? 5000 : 10) : 1,
                expires, emailToken, parameters.Text("domain"), now,
            ], cancellation);
        var groupNames = (parameters.List("group_names") ?? []).Select(name => name.ToLowerInvariant()).ToArray();
        var groupIds = (parameters.Ints("group_ids") ?? []).ToArray();
        var groups = await work.ListAsync("""
            INSERT INTO invited_groups (group_id, invite_id, created_at, updated_at)
            SELECT g.id, $1, $4, $4
            FROM groups g
            WHERE NOT g.automatic AND (lower(g.name) = ANY($2) OR g.id = ANY($3))
              AND ($5 OR EXISTS (SELECT FROM group_users o WHERE o.group_id = g.id AND o.user_id = $6 AND o.owner))
            RETURNING group_id
            """, row => row.GetInt32(0), [id, groupNames, groupIds, now, current.IsAdmin, current.Id], cancellation);
        var topics = new JsonArray();
        if (parameters.Int("topic_id") is { } topic)
        {
            await work.ExecuteAsync("INSERT INTO topic_invites (topic_id, invite_id, created_at, updated_at) SELECT id, $2, $3, $3 FROM topics WHERE id = $1", [topic, id, now], cancellation);
            topics.Add(new JsonObject { ["id"] = topic });
        }

        if (!skipEmail)
        {
            await mailer.EnqueueAsync(work, new MailMessage(
                email!, "invite", null, $"{current.Username} invited you to {settings.Text("title")}",
                $"{current.Username} invited you to join {settings.Text("title")}.\n\n{parameters.Text("custom_message")}\n\n{baseUrl.Absolute($"/invites/{key}?t={emailToken}")}"), cancellation);
        }

        await work.CommitAsync(cancellation);
        return new JsonObject
        {
            ["id"] = id,
            ["invite_key"] = key,
            ["link"] = baseUrl.Absolute("/invites/" + key),
            ["description"] = parameters.Text("description"),
            ["email"] = email ?? "",
            ["domain"] = parameters.Text("domain"),
            ["emailed"] = !skipEmail,
            ["can_delete_invite"] = true,
            ["custom_message"] = parameters.Text("custom_message"),
            ["created_at"] = Replies.Time(now),
            ["updated_at"] = Replies.Time(now),
            ["expires_at"] = Replies.Time(expires),
            ["expired"] = false,
            ["grants_admin"] = false,
            ["grants_moderator"] = false,
            ["topics"] = topics,
            ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)new JsonObject { ["id"] = group })]),
        };
    }

    static async Task<IResult> RetrieveAsync(Parameters parameters, CurrentUser current, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var email = Emails.Clean(parameters.Required("email"));
        var invite = await database.FindAsync("""
            SELECT id, invite_key, email, expires_at
            FROM invites
            WHERE invited_by_id = $1 AND email = $2 AND deleted_at IS NULL
            ORDER BY id DESC
            LIMIT 1
            """, row => new JsonObject
            {
                ["id"] = row.Int(0), ["invite_key"] = row.Text(1), ["link"] = baseUrl.Absolute("/invites/" + row.Text(1)), ["email"] = row.TextOrNull(2), ["expires_at"] = Replies.Time(row.Time(3)),
            }, [current.Id, email], cancellation);
        return Replies.Json(invite ?? throw Refused.InvalidParameters("email"));
    }

    static async Task<IResult> DeleteAsync(Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var gone = await database.ExecuteAsync("""
            UPDATE invites
            SET deleted_at = $2, deleted_by_id = $3
            WHERE id = $1 AND deleted_at IS NULL AND ($4 OR invited_by_id = $3)
            """, [parameters.RequiredInt("id"), time.GetUtcNow().UtcDateTime, current.Id, current.IsStaff], cancellation);
        return gone == 0 ? throw Refused.InvalidParameters("id") : Replies.Success();
    }

    static async Task<IResult> ShowAsync(string key, HttpContext context, Parameters parameters, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var invite = await FindAsync(database, key, time.GetUtcNow().UtcDateTime, cancellation) ?? throw Refused.NotFound();
        if (context.WantsJson())
        {
            return Replies.Json(new JsonObject { ["email"] = invite.Email, ["is_invite_link"] = invite.Email is null });
        }

        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        List<FormField> fields =
        [
            new("email", "Email", "email", invite.Email ?? "", Required: true, Autocomplete: "email"),
            new("username", "Username", Required: true, Autocomplete: "username"),
            new("name", "Name", Autocomplete: "name"),
            new("password", "Password", "password", Required: true, Autocomplete: "new-password"),
        ];
        if (parameters.Text("t") is { Length: > 0 and < 64 } token)
        {
            fields.Add(new("email_token", "", "hidden", token));
        }

        return await PagesApi.FormAsync(context, "You are invited", [new($"/invites/show/{Uri.EscapeDataString(key)}", "PUT", "/", "Accept Invitation", fields)], cancellation);
    }

    static async Task<IResult> RedeemAsync(
        string key, HttpContext context, Parameters parameters, ForumDatabase database, UserCreation creation, UserAdministration administration, GroupMembers groups, SignIn signIn, AccountMail mail,
        SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var invite = await FindAsync(database, key, now, cancellation) ?? throw Refused.NotFound();
        var email = Emails.Clean(invite.Email ?? parameters.Required("email"));
        if (invite.Email is not null && parameters.Text("email") is { Length: > 0 } other && Emails.Clean(other) != email)
        {
            email = Emails.Clean(other);
        }

        var isProven = invite.Email == email && invite.EmailToken is not null && parameters.Text("email_token") == invite.EmailToken;
        var user = new NewUser
        {
            Username = parameters.Text("username")?.Trim() is { Length: > 0 } name ? name : await UsernameStore.SuggestAsync(database, email, settings.Current, cancellation),
            Email = email,
            Name = parameters.Text("name"),
            Password = parameters.Text("password"),
            IsPasswordOptional = true,
            IsActive = isProven,
            IsApproved = invite.IsByStaff,
            TrustLevel = int.TryParse(settings.Text("default_invitee_trust_level"), out var level) ? level : 1,
            Ip = context.ClientIp(),
        };
        var errors = await creation.CheckAsync(user, cancellation);
        // A place is taken before the account is made: of two who come at once for the last one, one is refused.
        if (!errors.Any && !await TakeAsync(database, invite.Id, 1, now, cancellation))
        {
            throw Refused.NotFound();
        }

        if (errors.Any || await creation.CreateAsync(user, cancellation) is not { } made)
        {
            if (!errors.Any)
            {
                await TakeAsync(database, invite.Id, -1, now, cancellation);
                errors.Add("username", "must be unique");
            }

            var fields = new JsonObject();
            foreach (var (field, texts) in errors.Fields)
            {
                fields[field] = new JsonArray([.. texts.Select(text => (JsonNode?)text)]);
            }

            return Replies.Json(new JsonObject { ["success"] = false, ["message"] = string.Join("\n", errors.Sentences), ["errors"] = fields });
        }

        await RecordAsync(database, groups, invite.Id, made.Id, now, cancellation);
        if (!isProven)
        {
            await mail.SignupAsync(database, made.Id, email, made.Token, cancellation);
            return Replies.Json(new JsonObject { ["success"] = true, ["message"] = "You're almost done! We sent an activation mail to your email address." });
        }

        await administration.ActivateAsync(made.Id, cancellation);
        var signedIn = (await signIn.FindAsync(made.Id, cancellation))!;
        if (signIn.Refusal(signedIn) is null)
        {
            await signIn.CompleteAsync(context, signedIn, oauth: false, null, cancellation);
        }

        return Replies.Json(new JsonObject { ["success"] = true, ["redirect_to"] = "/" });
    }

    /// <summary>Notes who came by an invitation, and lets them into its groups.</summary>
    static async Task RecordAsync(ForumDatabase database, GroupMembers groups, int inviteId, int userId, DateTime now, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("""
            INSERT INTO invited_users (user_id, invite_id, redeemed_at, created_at, updated_at)
            VALUES ($2, $1, $3, $3, $3)
            """, [inviteId, userId, now], cancellation);
        foreach (var group in await work.ListAsync("SELECT group_id FROM invited_groups WHERE invite_id = $1", row => row.GetInt32(0), [inviteId], cancellation))
        {
            await groups.AddAsync(work, group, [userId], -1, cancellation);
        }

        await work.CommitAsync(cancellation);
    }

    /// <summary>Takes a place of an invitation, or gives one back; false when none is left.</summary>
    static async Task<bool> TakeAsync(ForumDatabase database, int id, int places, DateTime now, CancellationToken cancellation) => await database.ExecuteAsync("""
        UPDATE invites
        SET redemption_count = redemption_count + $2, updated_at = $3
        WHERE id = $1 AND redemption_count + $2 <= max_redemptions_allowed
        """, [id, places, now], cancellation) > 0;

    static Task<Invite?> FindAsync(ForumDatabase database, string key, DateTime now, CancellationToken cancellation) => database.FindAsync("""
        SELECT i.id, i.email, i.email_token, u.admin OR coalesce(u.moderator, false)
        FROM invites i
        JOIN users u ON u.id = i.invited_by_id
        WHERE i.invite_key = $1 AND i.deleted_at IS NULL AND i.invalidated_at IS NULL AND i.expires_at > $2 AND i.redemption_count < i.max_redemptions_allowed
        """, row => new Invite(row.Int(0), row.TextOrNull(1), row.TextOrNull(2), row.Bool(3)), [key, now], cancellation);

    static string Base36(int length) => RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", length);

    sealed record Invite(int Id, string? Email, string? EmailToken, bool IsByStaff);
}
