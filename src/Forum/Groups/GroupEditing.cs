using Forum.Database;
using Forum.Posts;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Groups;

/// <summary>Makes and changes groups.</summary>
sealed class GroupEditing(ForumDatabase database, SiteSettings settings, CookService cook, Viewers viewers, TimeProvider time)
{
    public async Task<int> AddAsync(Parameters given, CurrentUser actor, CancellationToken cancellation)
    {
        var name = given.Required("name").Trim();
        await CheckNameAsync(name, null, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        var id = await database.ScalarAsync<int>("""
            INSERT INTO groups (name, created_at, updated_at)
            VALUES ($1, $2, $2)
            RETURNING id
            """, [name, now], cancellation);
        var group = (await GroupStore.FindAsync(database, id, actor, cancellation))!;
        await UpdateAsync(group, given, actor, cancellation);
        return id;
    }

    public async Task UpdateAsync(Group group, Parameters given, CurrentUser actor, CancellationToken cancellation)
    {
        var name = group.Name;
        if (actor.IsAdmin && !group.IsAutomatic && given.Text("name")?.Trim() is { Length: > 0 } wanted && wanted != name)
        {
            await CheckNameAsync(wanted, group.Id, cancellation);
            name = wanted;
        }

        var level = given.Int("grant_trust_level");
        if (level is < 0 or > 4)
        {
            throw Refused.Invalid("Grant trust level must be between 0 and 4.");
        }

        var bio = given.Has("bio_raw") ? given.Text("bio_raw") : group.BioRaw;
        await database.ExecuteAsync("""
            UPDATE groups
            SET name = $2, full_name = $3, title = $4, bio_raw = $5, bio_cooked = $6, visibility_level = $7, members_visibility_level = $8, mentionable_level = $9,
                messageable_level = $10, public_admission = $11, public_exit = $12, allow_membership_requests = $13, membership_request_template = $14,
                default_notification_level = $15, primary_group = $16, grant_trust_level = $17, flair_icon = $18, flair_bg_color = $19, flair_color = $20,
                automatic_membership_email_domains = $21, publish_read_state = $22, allow_unknown_sender_topic_replies = $23, incoming_email = $24, updated_at = $25
            WHERE id = $1
            """,
            [
                group.Id, name, Text("full_name", group.FullName), Text("title", group.Title), bio, await cook.CookBioAsync(database, bio, await viewers.AsAsync(actor, cancellation), cancellation),
                actor.IsAdmin ? given.Int("visibility_level") ?? (int)group.Visibility : (int)group.Visibility,
                given.Int("members_visibility_level") ?? (int)group.MembersVisibility, given.Int("mentionable_level") ?? group.MentionableLevel,
                given.Int("messageable_level") ?? group.MessageableLevel, given.Bool("public_admission") ?? group.PublicAdmission, given.Bool("public_exit") ?? group.PublicExit,
                given.Bool("allow_membership_requests") ?? group.AllowMembershipRequests, Text("membership_request_template", group.MembershipRequestTemplate),
                given.Int("default_notification_level") ?? group.DefaultNotificationLevel, given.Bool("primary_group") ?? group.IsPrimary,
                given.Has("grant_trust_level") ? level : group.GrantTrustLevel, Text("flair_icon", group.FlairIcon), Text("flair_bg_color", group.FlairBgColor),
                Text("flair_color", group.FlairColor), Text("automatic_membership_email_domains", group.AutomaticDomains), given.Bool("publish_read_state") ?? group.PublishReadState,
                given.Bool("allow_unknown_sender_topic_replies") ?? group.AllowUnknownSenderReplies, Text("incoming_email", group.IncomingEmail), time.GetUtcNow().UtcDateTime,
            ], cancellation);
        if (name != group.Name)
        {
            await GroupStore.LogAsync(database, group.Id, actor.Id, null, GroupAction.ChangeSetting, time.GetUtcNow().UtcDateTime, cancellation, "name", group.Name, name);
        }

        string? Text(string field, string? before) => given.Has(field) ? given.Text(field) is { Length: > 0 } text ? text : null : before;
    }

    async Task CheckNameAsync(string name, int? exceptId, CancellationToken cancellation)
    {
        var problems = Usernames.Problems(name, settings.Current);
        if (problems.Count > 0)
        {
            throw Refused.Invalid([.. problems.Select(problem => $"Name {problem}")]);
        }

        if (await database.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM users WHERE username_lower = $1) OR EXISTS (SELECT FROM groups WHERE lower(name) = $1 AND ($2::int IS NULL OR id <> $2::int))
            """, [Usernames.Lower(name), exceptId], cancellation))
        {
            throw Refused.Invalid("Name has already been taken");
        }
    }
}
