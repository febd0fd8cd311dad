using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Notifications;
using Forum.Posts;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Groups;

/// <summary>Requests to be let into a group: made by a member, listed and answered by its owners.</summary>
/// <remarks>Source: upstream's groups_controller, request_membership and handle_membership_request.</remarks>
static class GroupRequestsApi
{
    const int MostOwnersTold = 20;
    const int MostListed = 1000;

    public static void MapGroupRequests(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/groups", "/g" })
        {
            var groups = routes.MapGroup(prefix).RequireLogin();
            groups.MapPost("/{name}/request_membership", RequestAsync).Named("groups#request_membership");
            groups.MapPut("/{id:int}/handle_membership_request", AnswerAsync).Named("groups#handle_membership_request");
        }
    }

    /// <summary>Keeps the request, and writes its reason to the group's owners as a message.</summary>
    static async Task<IResult> RequestAsync(
        string name, HttpContext context, Parameters given, CurrentUser current, ForumDatabase database, PostCreation creation, TopicStore topics, Viewers viewers, RateLimiter limiter,
        CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
        if (!group.AllowMembershipRequests || group.IsMember)
        {
            throw Refused.InvalidAccess();
        }

        var reason = given.Required("reason");
        await limiter.PerformAsync($"group-request-{current.Id}", 20, TimeSpan.FromDays(1), cancellation);
        var viewer = await viewers.OfAsync(context, cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ExecuteAsync("""
            INSERT INTO group_requests (group_id, user_id, reason, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (group_id, user_id) DO NOTHING
            """, [group.Id, current.Id, reason, viewer.Now], cancellation) == 0)
        {
            throw new RefusedException(409, null, "You already requested membership in this group.");
        }

        var owners = await sql.ListAsync("""
            SELECT u.username
            FROM group_users gu
            JOIN users u ON u.id = gu.user_id
            WHERE gu.group_id = $1 AND gu.owner AND u.active
            ORDER BY u.last_seen_at DESC NULLS LAST
            LIMIT $2
            """, row => row.Text(0), [group.Id, MostOwnersTold], cancellation);
        var post = await creation.CreateAsync(sql, new NewPost
        {
            IsMessage = true,
            Title = $"Membership Request for @{group.Name}",
            Raw = reason,
            Recipients = [current.Username, .. owners],
            SkipValidations = true,
            SkipPermissions = true,
        }, viewer, cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_custom_fields (topic_id, name, value, created_at, updated_at)
            VALUES ($1, 'requested_group_id', $2::text, $3, $3)
            """, [post.TopicId, group.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), viewer.Now], cancellation);
        await sql.CommitAsync(cancellation);
        var topic = await topics.FindAsync(post.TopicId, current.Id, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["relative_url"] = topic?.Url });
    }

    static async Task<IResult> AnswerAsync(
        int id, Parameters given, CurrentUser current, ForumDatabase database, GroupMembers members, SystemMessages messages, TimeProvider time, CancellationToken cancellation)
    {
        var group = await GroupStore.GetManagedAsync(database, id, current, cancellation);
        var user = given.RequiredInt("user_id");
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ExecuteAsync("DELETE FROM group_requests WHERE group_id = $1 AND user_id = $2", [id, user], cancellation) == 0)
        {
            throw Refused.InvalidParameters("user_id");
        }

        if (given.Flag("accept") && (await members.AddAsync(sql, id, [user], current.Id, cancellation)).Count > 0)
        {
            await messages.SendAsync(sql, user, $"Membership Request Accepted for @{group.Name}", $"Your request to join @{group.Name} was accepted, and you are a member now.", cancellation);
            await Notifier.AddAsync(sql, [user], NotificationType.MembershipRequestAccepted,
                new JsonObject { ["group_id"] = id, ["group_name"] = group.Name }, null, null, null, time.GetUtcNow().UtcDateTime, cancellation);
        }

        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    /// <summary>Who waits for an answer: what the list of members is when it is asked for requesters.</summary>
    public static async Task<IResult> ListAsync(Group group, CurrentUser current, ForumDatabase database, GlobalSettings globals, int limit, int offset, CancellationToken cancellation)
    {
        if (!group.IsManagedBy(current))
        {
            throw Refused.InvalidAccess();
        }

        var rows = await database.ListAsync("""
            SELECT u.id, u.username, u.name, u.uploaded_avatar_id, r.reason, r.created_at, count(*) OVER ()::int
            FROM group_requests r
            JOIN users u ON u.id = r.user_id
            WHERE r.group_id = $1
            ORDER BY r.created_at DESC, u.username_lower
            LIMIT $2 OFFSET $3
            """, row => (Total: row.Int(6), Json: (JsonNode)new JsonObject
            {
                ["id"] = row.Int(0),
                ["username"] = row.Text(1),
                ["name"] = row.TextOrNull(2),
                ["avatar_template"] = Avatars.Template(row.Text(1), row.IntOrNull(3), globals),
                ["reason"] = row.TextOrNull(4),
                ["requested_at"] = Replies.Time(row.Time(5)),
            }), [group.Id, Math.Min(limit, MostListed), offset], cancellation);
        return Replies.Json(new JsonObject
        {
            ["members"] = new JsonArray([.. rows.Select(row => row.Json)]),
            ["owners"] = new JsonArray(),
            ["meta"] = new JsonObject { ["total"] = rows.Count > 0 ? rows[0].Total : 0, ["limit"] = limit, ["offset"] = offset },
        });
    }
}
