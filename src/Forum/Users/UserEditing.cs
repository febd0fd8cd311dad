using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Posts;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Users;

/// <summary>Changes of a profile and its options; only what was sent is changed.</summary>
sealed class UserEditing(ForumDatabase database, SiteSettings settings, CookService cook, Viewers viewers, TimeProvider time)
{
    static readonly string[] TextSizes = ["normal", "larger", "largest", "smaller", "smallest"];

    public async Task UpdateAsync(int id, Parameters given, CurrentUser actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (given.Text("name") is { Length: > 255 } || given.Text("bio_raw") is { Length: > 3000 })
        {
            throw Refused.Invalid(given.Text("name") is { Length: > 255 } ? "Name is too long (maximum is 255 characters)" : "About Me is too long (maximum is 3000 characters)");
        }

        var website = Website(given.Text("website"));
        await using var work = await database.BeginAsync(cancellation);
        if (given.Text("title") is { Length: > 0 } title && !actor.IsStaff && !await MayHaveTitleAsync(work, id, title, cancellation))
        {
            throw Refused.InvalidAccess();
        }

        await work.ExecuteAsync("""
            UPDATE users
            SET name = CASE WHEN $2 THEN $3 ELSE name END, title = CASE WHEN $4 THEN nullif($5, '') ELSE title END,
                locale = CASE WHEN $6 THEN nullif($7, '') ELSE locale END, date_of_birth = CASE WHEN $8 THEN nullif($9, '')::date ELSE date_of_birth END,
                flair_group_id = CASE WHEN $10 AND ($11::int IS NULL OR EXISTS (SELECT FROM group_users gu WHERE gu.user_id = $1 AND gu.group_id = $11::int)) THEN $11::int ELSE flair_group_id END,
                primary_group_id = CASE WHEN $12 AND ($13::int IS NULL OR EXISTS (SELECT FROM group_users gu WHERE gu.user_id = $1 AND gu.group_id = $13::int)) THEN $13::int ELSE primary_group_id END,
                updated_at = $14
            WHERE id = $1
            """,
            [
                id, given.Has("name") && settings.Bool("enable_names"), given.Text("name"), given.Has("title"), given.Text("title"),
                given.Has("locale") && settings.Bool("allow_user_locale"), given.Text("locale"), given.Has("date_of_birth"), given.Text("date_of_birth"),
                given.Has("flair_group_id"), given.Int("flair_group_id"), given.Has("primary_group_id"), given.Int("primary_group_id"), now,
            ], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_profiles
            SET bio_raw = CASE WHEN $2 THEN $3 ELSE bio_raw END, bio_cooked = CASE WHEN $2 THEN $4 ELSE bio_cooked END, bio_cooked_version = 1,
                website = CASE WHEN $5 THEN $6 ELSE website END, location = CASE WHEN $7 THEN $8 ELSE location END
            WHERE user_id = $1
            """,
            [
                id, given.Has("bio_raw"), given.Text("bio_raw"), await CookedAsync(work, id, given.Text("bio_raw"), cancellation), given.Has("website"), website, given.Has("location"), given.Text("location"),
            ], cancellation);
        await UpdateOptionsAsync(work, id, given, cancellation);
        await UpdateFieldsAsync(work, id, given, now, cancellation);
        await UpdateLevelsAsync(work, id, given, now, cancellation);
        await UpdateMutedAsync(work, id, given, now, cancellation);
        await work.ExecuteAsync("""
            UPDATE user_search_data s
            SET search_data = setweight(to_tsvector('simple', u.username_lower), 'A') || setweight(to_tsvector('simple', coalesce(u.name, '')), 'B')
            FROM users u
            WHERE u.id = $1 AND s.user_id = u.id
            """, [id], cancellation);
        await work.CommitAsync(cancellation);
    }

    /// <summary>As the member's own text: whom they may mention and what their links carry depends on them, not on who edits.</summary>
    public async Task<string?> CookedAsync(SqlSession sql, int id, string? bio, CancellationToken cancellation)
    {
        var author = await sql.FindAsync($"SELECT {CurrentUser.Columns} FROM users u WHERE u.id = $1", CurrentUser.Read, [id], cancellation);
        return author is null ? null : await cook.CookBioAsync(sql, bio, await viewers.AsAsync(author, cancellation), cancellation);
    }

    static async Task UpdateOptionsAsync(ForumTransaction work, int id, Parameters given, CancellationToken cancellation)
    {
        var textSize = given.Text("text_size") is { } size && Array.IndexOf(TextSizes, size) is >= 0 and var key ? key : (int?)null;
        var hide = given.Bool("hide_profile_and_presence") ?? given.Bool("hide_profile");
        await work.ExecuteAsync("""
            UPDATE user_options
            SET mailing_list_mode = coalesce($2::bool, mailing_list_mode), email_digests = coalesce($3::bool, email_digests), email_level = coalesce($4::int, email_level),
                email_messages_level = coalesce($5::int, email_messages_level), external_links_in_new_tab = coalesce($6::bool, external_links_in_new_tab),
                enable_quoting = coalesce($7::bool, enable_quoting), dynamic_favicon = coalesce($8::bool, dynamic_favicon),
                automatically_unpin_topics = coalesce($9::bool, automatically_unpin_topics), digest_after_minutes = coalesce($10::int, digest_after_minutes),
                auto_track_topics_after_msecs = coalesce($11::int, auto_track_topics_after_msecs), new_topic_duration_minutes = coalesce($12::int, new_topic_duration_minutes),
                notification_level_when_replying = coalesce($13::int, notification_level_when_replying), email_previous_replies = coalesce($14::int, email_previous_replies),
                email_in_reply_to = coalesce($15::bool, email_in_reply_to), like_notification_frequency = coalesce($16::int, like_notification_frequency),
                include_tl0_in_digests = coalesce($17::bool, include_tl0_in_digests), allow_private_messages = coalesce($18::bool, allow_private_messages),
                enable_allowed_pm_users = coalesce($19::bool, enable_allowed_pm_users), hide_profile_and_presence = coalesce($20::bool, hide_profile_and_presence),
                homepage_id = coalesce($21::int, homepage_id), text_size_key = coalesce($22::int, text_size_key), title_count_mode_key = coalesce($23::int, title_count_mode_key),
                timezone = coalesce($24, timezone), skip_new_user_tips = coalesce($25::bool, skip_new_user_tips), enable_defer = coalesce($26::bool, enable_defer),
                bookmark_auto_delete_preference = coalesce($27::int, bookmark_auto_delete_preference),
                sidebar_link_to_filtered_list = coalesce($28::bool, sidebar_link_to_filtered_list),
                sidebar_show_count_of_new_items = coalesce($29::bool, sidebar_show_count_of_new_items),
                watched_precedence_over_muted = coalesce($30::bool, watched_precedence_over_muted), topics_unread_when_closed = coalesce($31::bool, topics_unread_when_closed)
            WHERE user_id = $1
            """,
            [
                id, given.Bool("mailing_list_mode"), given.Bool("email_digests"), given.Int("email_level"), given.Int("email_messages_level"), given.Bool("external_links_in_new_tab"),
                given.Bool("enable_quoting"), given.Bool("dynamic_favicon"), given.Bool("automatically_unpin_topics"), given.Int("digest_after_minutes"),
                given.Int("auto_track_topics_after_msecs"), given.Int("new_topic_duration_minutes"), given.Int("notification_level_when_replying"), given.Int("email_previous_replies"),
                given.Bool("email_in_reply_to"), given.Int("like_notification_frequency"), given.Bool("include_tl0_in_digests"), given.Bool("allow_private_messages"),
                given.Bool("enable_allowed_pm_users"), hide, given.Int("homepage_id"), textSize, TitleCountMode(given),
                given.Text("timezone"), given.Bool("skip_new_user_tips"), given.Bool("enable_defer"), given.Int("bookmark_auto_delete_preference"),
                given.Bool("sidebar_link_to_filtered_list"), given.Bool("sidebar_show_count_of_new_items"), given.Bool("watched_precedence_over_muted"),
                given.Bool("topics_unread_when_closed"),
            ], cancellation);
    }

    static int? TitleCountMode(Parameters given) => given.Text("title_count_mode") switch
    {
        null => null,
        "contextual" => 1,
        _ => 0,
    };

    static async Task UpdateFieldsAsync(ForumTransaction work, int id, Parameters given, DateTime now, CancellationToken cancellation)
    {
        foreach (var (name, value) in given.Node("user_fields") as JsonObject ?? [])
        {
            if (int.TryParse(name, out var field))
            {
                await work.ExecuteAsync("DELETE FROM user_custom_fields WHERE user_id = $1 AND name = 'user_field_' || $2::int", [id, field], cancellation);
                await work.ExecuteAsync("""
                    INSERT INTO user_custom_fields (user_id, name, value, created_at, updated_at)
                    SELECT $1, 'user_field_' || $2::int, $3, $4, $4
                    WHERE $3 <> ''
                    """, [id, field, value is null ? "" : value.ToString()[..Math.Min(2048, value.ToString().Length)], now], cancellation);
            }
        }
    }

    static async Task UpdateLevelsAsync(ForumTransaction work, int id, Parameters given, DateTime now, CancellationToken cancellation)
    {
        foreach (var (name, level) in new[] { ("muted", 0), ("regular", 1), ("tracked", 2), ("watched", 3), ("watched_first_post", 4) })
        {
            if (!given.Has(name + "_category_ids"))
            {
                continue;
            }

            var ids = (given.Ints(name + "_category_ids") ?? []).ToArray();
            await work.ExecuteAsync("DELETE FROM category_users WHERE user_id = $1 AND (notification_level = $2 OR category_id = ANY($3))", [id, level, ids], cancellation);
            await work.ExecuteAsync(
                "INSERT INTO category_users (user_id, category_id, notification_level) SELECT $1, c.id, $2 FROM categories c WHERE c.id = ANY($3)", [id, level, ids], cancellation);
        }

        foreach (var (name, level) in new[] { ("muted_tags", 0), ("tracked_tags", 2), ("watched_tags", 3), ("watching_first_post_tags", 4) })
        {
            if (!given.Has(name))
            {
                continue;
            }

            var names = (given.List(name) ?? []).Select(tag => tag.ToLowerInvariant()).ToArray();
            await work.ExecuteAsync("""
                DELETE FROM tag_users
                WHERE user_id = $1 AND (notification_level = $2 OR tag_id IN (SELECT t.id FROM tags t WHERE lower(t.name) = ANY($3)))
                """, [id, level, names], cancellation);
            await work.ExecuteAsync("""
                INSERT INTO tag_users (user_id, tag_id, notification_level, created_at, updated_at)
                SELECT $1, t.id, $2, $4, $4
                FROM tags t
                WHERE lower(t.name) = ANY($3)
                """, [id, level, names, now], cancellation);
        }
    }

    static async Task UpdateMutedAsync(ForumTransaction work, int id, Parameters given, DateTime now, CancellationToken cancellation)
    {
        if (given.Has("muted_usernames"))
        {
            var names = (given.List("muted_usernames") ?? []).Select(Usernames.Lower).ToArray();
            await work.ExecuteAsync("DELETE FROM muted_users WHERE user_id = $1", [id], cancellation);
            await work.ExecuteAsync("""
                INSERT INTO muted_users (user_id, muted_user_id, created_at, updated_at)
                SELECT $1, u.id, $3, $3
                FROM users u
                WHERE u.username_lower = ANY($2) AND u.id <> $1 AND NOT u.admin
                """, [id, names, now], cancellation);
        }

        if (given.Has("allowed_pm_usernames"))
        {
            var names = (given.List("allowed_pm_usernames") ?? []).Select(Usernames.Lower).ToArray();
            await work.ExecuteAsync("DELETE FROM allowed_pm_users WHERE user_id = $1", [id], cancellation);
            await work.ExecuteAsync("""
                INSERT INTO allowed_pm_users (user_id, allowed_pm_user_id, created_at, updated_at)
                SELECT $1, u.id, $3, $3
                FROM users u
                WHERE u.username_lower = ANY($2) AND u.id <> $1
                """, [id, names, now], cancellation);
        }
    }

    static async Task<bool> MayHaveTitleAsync(ForumTransaction work, int id, string title, CancellationToken cancellation) => await work.ScalarAsync<bool>("""
        SELECT EXISTS (SELECT FROM users WHERE id = $1 AND title = $2)
            OR EXISTS (SELECT FROM user_badges b JOIN badges d ON d.id = b.badge_id WHERE b.user_id = $1 AND d.allow_title AND d.enabled AND d.name = $2)
            OR EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = $1 AND g.title = $2)
        """, [id, title], cancellation);

    static string? Website(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var url = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && url.Length <= 3000 ? url : throw Refused.Invalid("Website is invalid");
    }
}
