using Forum.Database;
using Forum.Settings;
using Forum.Users;
using Forum.Web;
using Npgsql;

namespace Forum.SignOn.Connect;

/// <summary>Makes and updates members as another site says, found by the other site's id for them.</summary>
sealed class ConnectConsumer(
    ForumDatabase database, UserCreation creation, UserAdministration administration, GroupSync groups, UserEditing editing, SiteSettings settings, RenameUser rename, TimeProvider time)
{
    const int LongestBio = 3000;

    static readonly string[] BannedIds = ["none", "nil", "blank", "null"];

    /// <exception cref="RefusedException">422: the payload can make nobody.</exception>
    public async Task<int> FindOrCreateAsync(ConnectPayload payload, string? ip, CancellationToken cancellation)
    {
        var externalId = payload["external_id"]?.Trim() ?? "";
        if (externalId.Length is 0 or > 1000 || BannedIds.Contains(externalId.ToLowerInvariant()))
        {
            throw Refused.Invalid("There is a problem with your account. Please contact the site's administrator.");
        }

        var email = Emails.Clean(payload["email"] ?? "");
        var userId = await database.ScalarAsync<int?>("""
            SELECT u.id
            FROM single_sign_on_records r
            JOIN users u ON u.id = r.user_id
            WHERE r.external_id = $1
            """, [externalId], cancellation);
        userId ??= await ByEmailOrNewAsync(payload, email, ip, cancellation);
        await RecordAsync(payload, externalId, userId.Value, cancellation);
        await UpdateAsync(payload, email, userId.Value, cancellation);
        return userId.Value;
    }

    async Task<int> ByEmailOrNewAsync(ConnectPayload payload, string email, string? ip, CancellationToken cancellation)
    {
        if (!Emails.IsValid(email))
        {
            throw Refused.Invalid("Primary email is invalid.");
        }

        var needsActivation = payload.Flag("require_activation") == true;
        var taken = await database.ScalarAsync<int?>(
            "SELECT m.user_id FROM user_emails m WHERE lower(m.email) = $1 AND m.user_id > 0 LIMIT 1", [email], cancellation);
        if (taken is { } known)
        {
            // The other site has not checked the address, so it proves nothing.
            return needsActivation ? throw Refused.Invalid("Primary email has already been taken") : known;
        }

        var name = payload["name"];
        var made = await creation.CreateAsync(new NewUser
        {
            Username = await UsernameStore.SuggestAsync(database, payload["username"] ?? name ?? email, settings.Current, cancellation),
            Email = email,
            Name = name is { Length: > 255 } ? name[..255] : name ?? payload["username"],
            Ip = ip,
            IsActive = !needsActivation,
            IsPasswordOptional = true,
            Locale = settings.Bool("allow_user_locale") ? payload["locale"] : null,
        }, cancellation);
        return made?.Id ?? throw Refused.Invalid("Username must be unique");
    }

    async Task RecordAsync(ConnectPayload payload, string externalId, int userId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        object?[] values = [userId, externalId, payload.Unsigned, now, payload["username"], payload["email"], payload["name"], payload["avatar_url"] is { Length: <= 1500 } avatar ? avatar : null];
        try
        {
            if (await database.ExecuteAsync("""
                UPDATE single_sign_on_records
                SET external_id = $2, last_payload = $3, updated_at = $4, external_username = $5, external_email = $6, external_name = $7, external_avatar_url = $8
                WHERE user_id = $1
                """, values, cancellation) == 0)
            {
                await database.ExecuteAsync("""
                    INSERT INTO single_sign_on_records (user_id, external_id, last_payload, created_at, updated_at, external_username, external_email, external_name, external_avatar_url)
                    VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)
                    ON CONFLICT (external_id) DO UPDATE SET last_payload = $3, updated_at = $4
                    """, values, cancellation);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw Refused.Invalid("There is a problem with your account. Please contact the site's administrator.");
        }
    }

    async Task UpdateAsync(ConnectPayload payload, string email, int userId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await database.ExecuteAsync("UPDATE users SET staged = false WHERE id = $1 AND staged", [userId], cancellation);
        if (payload.Flag("require_activation") != true)
        {
            await administration.ActivateAsync(userId, cancellation);
        }

        if (settings.Bool("discourse_connect_overrides_email") && Emails.IsValid(email) && !await creation.IsEmailTakenAsync(email, cancellation))
        {
            await database.ExecuteAsync("""
                UPDATE user_emails
                SET email = $2, normalized_email = $3, updated_at = $4
                WHERE user_id = $1 AND "primary"
                """, [userId, email, Emails.Normalized(email), now], cancellation);
        }

        if (settings.Bool("discourse_connect_overrides_username") && payload["username"] is { } username)
        {
            await OverrideUsernameAsync(userId, username, cancellation);
        }

        if (settings.Bool("discourse_connect_overrides_name") && payload["name"] is { Length: <= 255 } name)
        {
            await database.ExecuteAsync("UPDATE users SET name = $2 WHERE id = $1", [userId, name], cancellation);
        }

        if (payload["title"] is { Length: <= 255 } title)
        {
            await database.ExecuteAsync("UPDATE users SET title = $2 WHERE id = $1", [userId, title], cancellation);
        }

        if (payload.Flag("locale_force_update") == true && settings.Bool("allow_user_locale") && payload["locale"] is { Length: <= 10 } locale)
        {
            await database.ExecuteAsync("UPDATE users SET locale = $2 WHERE id = $1", [userId, locale], cancellation);
        }

        var bio = payload["bio"] is { Length: > LongestBio } text ? text[..LongestBio] : payload["bio"];
        await database.ExecuteAsync("""
            UPDATE user_profiles
            SET bio_raw = CASE WHEN $2::text IS NOT NULL AND (coalesce(bio_raw, '') = '' OR $3) THEN $2 ELSE bio_raw END,
                bio_cooked = CASE WHEN $2::text IS NOT NULL AND (coalesce(bio_raw, '') = '' OR $3) THEN $6 ELSE bio_cooked END,
                website = coalesce($4, website), location = coalesce($5, location)
            WHERE user_id = $1
            """, [userId, bio, settings.Bool("discourse_connect_overrides_bio"), payload["website"], payload["location"], await editing.CookedAsync(database, userId, bio, cancellation)], cancellation);
        foreach (var (field, value) in payload.Custom)
        {
            await database.ExecuteAsync("""
                WITH changed AS (
                    UPDATE user_custom_fields
                    SET value = $3, updated_at = $4
                    WHERE user_id = $1 AND name = $2
                    RETURNING id
                )
                INSERT INTO user_custom_fields (user_id, name, value, created_at, updated_at)
                SELECT $1, $2, $3, $4, $4
                WHERE NOT EXISTS (SELECT FROM changed)
                """, [userId, field.Length > 256 ? field[..256] : field, value, now], cancellation);
        }

        await SetRightsAsync(payload, userId, cancellation);
        await SetGroupsAsync(payload, userId, cancellation);
    }

    async Task SetRightsAsync(ConnectPayload payload, int userId, CancellationToken cancellation)
    {
        var (isAdmin, isModerator) = await database.FindAsync(
            "SELECT admin, coalesce(moderator, false) FROM users WHERE id = $1", row => (row.GetBoolean(0), row.GetBoolean(1)), [userId], cancellation);
        if (payload.Flag("admin") is { } admin && admin != isAdmin)
        {
            await (admin ? administration.GrantAdminAsync(userId, -1, cancellation) : administration.RevokeAdminAsync(userId, -1, cancellation));
        }

        if (payload.Flag("moderator") is { } moderator && moderator != isModerator)
        {
            await (moderator ? administration.GrantModerationAsync(userId, -1, cancellation) : administration.RevokeModerationAsync(userId, -1, cancellation));
        }
    }

    async Task SetGroupsAsync(ConnectPayload payload, int userId, CancellationToken cancellation)
    {
        if (settings.Bool("discourse_connect_overrides_groups"))
        {
            var wanted = payload.List("groups");
            var has = await groups.OfAsync(userId, byFullName: false, cancellation);
            await groups.ApplyAsync(userId, [.. wanted.Except(has)], [.. has.Except(wanted)], byFullName: false, cancellation);
        }
        else
        {
            await groups.ApplyAsync(userId, payload.List("add_groups"), payload.List("remove_groups"), byFullName: false, cancellation);
        }
    }

    async Task OverrideUsernameAsync(int userId, string wanted, CancellationToken cancellation)
    {
        var current = await database.ScalarAsync<string>("SELECT username FROM users WHERE id = $1", [userId], cancellation) ?? "";
        var name = Usernames.Base(wanted, settings.Current);
        if (Usernames.Lower(name) == Usernames.Lower(current))
        {
            return;
        }

        await rename.RunAsync(userId, current, await UsernameStore.SuggestAsync(database, wanted, settings.Current, cancellation), -1, cancellation);
    }
}
