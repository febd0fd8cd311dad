using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Users;

/// <summary>Profiles: /u/NAME, what it shows and how it is changed.</summary>
static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").AllowAnyone();
        users.MapGet("/{username}", ShowAsync).Named("users#show");
        users.MapGet("/{username}/card", ShowAsync).Named("users#show_card");
        users.MapGet("/by-external/{externalId}", ByExternalIdAsync).RequireAdmin().Named("users#show");
        users.MapGet("/by-external/{provider}/{externalId}", ByProviderAsync).RequireAdmin().Named("users#show");
        users.MapGet("/{username}/emails", EmailsAsync).RequireLogin().Named("users#check_emails");
        users.MapPut("/{username}", UpdateAsync).RequireLogin().Named("users#update");
        users.MapDelete("/{username}", DeleteAsync).RequireLogin().Named("users#destroy");
        users.MapPut("/{username}/notification_level", RelationAsync).RequireLogin().Named("users#notification_level");
        users.MapGet("/search/users", SearchAsync).Named("users#search_users");
        users.MapGet("/{username}/preferences", PreferencesAsync).RequireLogin().Named("users#preferences");
        users.MapGet("/{username}/preferences/{section}", PreferencesAsync).RequireLogin().Named("users#preferences");
        routes.MapGet("/user-cards", CardsAsync).AllowAnyone().Named("users#cards");
        routes.MapGet("/my/{**path}", MyAsync).RequireLogin().Named("users#my_redirect");
    }

    static async Task<IResult> ShowAsync(
        string username, HttpContext context, CurrentUser current, ForumDatabase database, UserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        return await ProfileAsync(id, context, current, json, settings, cancellation);
    }

    static async Task<IResult> ProfileAsync(int id, HttpContext context, CurrentUser current, UserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        if (current.IsAnonymous && settings.Bool("hide_user_profiles_from_public"))
        {
            throw Refused.InvalidAccess();
        }

        var user = await json.CreateAsync(id, current, cancellation);
        if (!context.WantsJson())
        {
            return context.RequestServices.GetService<IProfilePage>() is { } page ? await page.RenderAsync(context, user) : Replies.Json(user);
        }

        return Replies.Json(new JsonObject { ["user_badges"] = new JsonArray(), ["user"] = user });
    }

    static async Task<IResult> ByExternalIdAsync(
        string externalId, HttpContext context, CurrentUser current, ForumDatabase database, UserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        var id = await database.ScalarAsync<int?>("SELECT user_id FROM single_sign_on_records WHERE external_id = $1", [externalId], cancellation) ?? throw Refused.NotFound();
        return await ProfileAsync(id, context, current, json, settings, cancellation);
    }

    static async Task<IResult> ByProviderAsync(
        string provider, string externalId, HttpContext context, CurrentUser current, ForumDatabase database, UserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        var id = await database.ScalarAsync<int?>(
            "SELECT user_id FROM user_associated_accounts WHERE provider_name = $1 AND provider_uid = $2", [provider, externalId], cancellation) ?? throw Refused.NotFound();
        return await ProfileAsync(id, context, current, json, settings, cancellation);
    }

    static async Task<IResult> EmailsAsync(string username, CurrentUser current, ForumDatabase database, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        if (id != current.Id && !current.IsAdmin && !(current.IsStaff && settings.Bool("moderators_view_emails")))
        {
            throw Refused.InvalidAccess();
        }

        if (id != current.Id)
        {
            await Moderation.StaffActions.LogAsync(database, Moderation.StaffAction.CheckEmail, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        }

        var emails = await database.ListAsync("""
            SELECT email, "primary"
            FROM user_emails
            WHERE user_id = $1
            ORDER BY "primary" DESC, email
            """, row => (Email: row.Text(0), IsPrimary: row.Bool(1)), [id], cancellation);
        var waiting = await database.ListAsync(
            "SELECT new_email FROM email_change_requests WHERE user_id = $1 AND change_state = 2", row => (JsonNode?)row.Text(0), [id], cancellation);
        var accounts = await database.ListAsync("""
            SELECT provider_name, coalesce(info->>'email', info->>'name', provider_uid)
            FROM user_associated_accounts
            WHERE user_id = $1
            ORDER BY provider_name
            """, JsonNode (row) => new JsonObject { ["name"] = row.Text(0), ["description"] = row.Text(1) }, [id], cancellation);
        return Replies.Json(new JsonObject
        {
            ["email"] = emails.FirstOrDefault(email => email.IsPrimary).Email ?? "",
            ["secondary_emails"] = new JsonArray([.. emails.Where(email => !email.IsPrimary).Select(email => (JsonNode?)email.Email)]),
            ["unconfirmed_emails"] = new JsonArray([.. waiting]),
            ["associated_accounts"] = new JsonArray([.. accounts]),
        });
    }

    static async Task<IResult> UpdateAsync(
        string username, Parameters parameters, CurrentUser current, ForumDatabase database, UserEditing editing, UserJson json, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        await editing.UpdateAsync(id, parameters, current, cancellation);
        var user = await json.CreateAsync(id, current, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["user"] = user });
    }

    static async Task<IResult> DeleteAsync(string username, CurrentUser current, ForumDatabase database, UserDeletion deletion, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        var posts = await database.ScalarAsync<int>("SELECT coalesce(post_count + topic_count, 0) FROM user_stats WHERE user_id = $1", [id], cancellation);
        if (id != current.Id || current.IsAdmin || current.IsModerator || posts > 1 || settings.Int("delete_user_max_post_age") < (time.GetUtcNow().UtcDateTime - current.CreatedAt).TotalDays)
        {
            throw Refused.InvalidAccess();
        }

        await deletion.DeleteAsync(id, current.Id, blockEmail: false, blockIp: false, "self", cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RelationAsync(
        string username, Parameters parameters, CurrentUser current, ForumDatabase database, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        var level = parameters.Required("notification_level");
        var now = time.GetUtcNow().UtcDateTime;
        if (level is not ("mute" or "ignore" or "normal") || id == current.Id)
        {
            throw Refused.InvalidParameters("notification_level");
        }

        var isStaff = await database.ScalarAsync<bool>("SELECT admin OR coalesce(moderator, false) FROM users WHERE id = $1", [id], cancellation);
        if (isStaff || (level == "ignore" && !current.IsStaff && !current.IsInAny(settings.Ids("ignore_allowed_groups"))))
        {
            throw Refused.InvalidAccess();
        }

        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM muted_users WHERE user_id = $1 AND muted_user_id = $2", [current.Id, id], cancellation);
        await work.ExecuteAsync("DELETE FROM ignored_users WHERE user_id = $1 AND ignored_user_id = $2", [current.Id, id], cancellation);
        if (level == "mute")
        {
            await work.ExecuteAsync("INSERT INTO muted_users (user_id, muted_user_id, created_at, updated_at) VALUES ($1, $2, $3, $3)", [current.Id, id, now], cancellation);
        }
        else if (level == "ignore")
        {
            var until = DateTime.TryParse(parameters.Required("expiring_at"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at)
                ? at : throw Refused.InvalidParameters("expiring_at");
            await work.ExecuteAsync("""
                INSERT INTO ignored_users (user_id, ignored_user_id, expiring_at, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $4)
                """, [current.Id, id, until, now], cancellation);
        }

        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> SearchAsync(Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, SiteSettings settings, CancellationToken cancellation)
    {
        var term = Usernames.Lower(parameters.Text("term")?.Trim().TrimStart('@') ?? "");
        var limit = Math.Clamp(parameters.Int("limit") ?? 6, 1, 50);
        var users = await database.ListAsync("""
            SELECT u.username, u.name, u.uploaded_avatar_id
            FROM users u
            WHERE u.active AND NOT u.staged AND u.id > 0 AND (u.suspended_till IS NULL OR u.suspended_till < now())
              AND (u.username_lower LIKE $1 || '%' OR ($2 AND lower(u.name) LIKE '%' || $1 || '%'))
            ORDER BY u.username_lower = $1 DESC, u.last_seen_at DESC NULLS LAST, u.username_lower
            LIMIT $3
            """, JsonNode (row) => new JsonObject
            {
                ["username"] = row.Text(0),
                ["name"] = row.TextOrNull(1),
                ["avatar_template"] = Avatars.Template(row.Text(0), row.IntOrNull(2), globals),
            }, [term.Replace("%", "", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal), settings.Bool("enable_names"), limit], cancellation);
        var body = new JsonObject { ["users"] = new JsonArray([.. users]) };
        if (parameters.Flag("include_groups") || parameters.Flag("include_mentionable_groups") || parameters.Flag("include_messageable_groups"))
        {
            body["groups"] = new JsonArray([.. (await Groups.GroupStore.ListAsync(database, current, cancellation))
                .Where(group => group.Id != 0 && group.IsVisibleTo(current) && group.Name.StartsWith(term, StringComparison.OrdinalIgnoreCase)
                    && (!parameters.Flag("include_mentionable_groups") || group.IsReachedBy(current, group.MentionableLevel))
                    && (!parameters.Flag("include_messageable_groups") || group.IsReachedBy(current, group.MessageableLevel)))
                .Select(group => (JsonNode)new JsonObject { ["name"] = group.Name, ["full_name"] = group.FullName })]);
        }

        return Replies.Json(body);
    }

    /// <summary>The page of a member's own settings exists for them alone.</summary>
    static async Task<IResult> PreferencesAsync(string username, HttpContext context, CurrentUser current, ForumDatabase database, UserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        if (!context.WantsJson())
        {
            return await Pages.PreferencesPage.ShowAsync(context, username, current, database, settings, cancellation);
        }

        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        return await ProfileAsync(id, context, current, json, settings, cancellation);
    }

    static async Task<IResult> CardsAsync(Parameters parameters, CurrentUser current, UserJson json, CancellationToken cancellation)
    {
        var ids = (parameters.Ints("user_ids") ?? throw Refused.Missing("user_ids")).Distinct().ToArray();
        if (ids.Length > 50)
        {
            throw Refused.InvalidParameters("user_ids");
        }

        var users = new JsonArray();
        foreach (var id in ids)
        {
            users.Add(await json.CreateAsync(id, current, cancellation));
        }

        return Replies.Json(new JsonObject { ["users"] = users });
    }

    static IResult MyAsync(string path, CurrentUser current, GlobalSettings globals) =>
        Results.Redirect($"{globals.RelativeUrlRoot}/u/{Uri.EscapeDataString(current.Username.ToLowerInvariant())}/{path}");
}

/// <summary>The HTML page of a profile; the pages feature offers it.</summary>
interface IProfilePage
{
    Task<IResult> RenderAsync(HttpContext context, JsonObject user);
}
