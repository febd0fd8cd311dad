using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>The review queue: /review.</summary>
static class ReviewApi
{
    const int PerPage = 10;

    /// <summary>The names of reviewables.status, and two that stand for several.</summary>
    static readonly string[] Statuses = ["pending", "approved", "rejected", "ignored", "deleted", "reviewed", "all"];

    public static void MapReview(this IEndpointRouteBuilder app)
    {
        app.MapGet("/review", ListAsync).WithPage(AdminPeoplePages.ReviewAsync).RequireLogin().Named("reviewables#index");
        app.MapGet("/review/count", CountAsync).RequireLogin().Named("reviewables#count");
        app.MapGet("/review/topics", TopicsAsync).RequireLogin().Named("reviewables#topics");
        app.MapGet("/review/{id:long}", ShowAsync).RequireLogin().Named("reviewables#show");
        app.MapGet("/review/{id:long}/explain", ExplainAsync).RequireLogin().Named("reviewables#explain");
        app.MapPut("/review/{id:long}", UpdateAsync).RequireLogin().Named("reviewables#update");
        app.MapPut("/review/{id:long}/perform/{action}", PerformAsync).RequireLogin().Named("reviewables#perform");
        app.MapDelete("/review/{id:long}", WithdrawAsync).RequireLogin().Named("reviewables#destroy");
        app.MapPost("/reviewable_claimed_topics", ClaimAsync).RequireLogin().Named("reviewable_claimed_topics#create");
        app.MapDelete("/reviewable_claimed_topics/{topicId:int}", UnclaimAsync).RequireLogin().Named("reviewable_claimed_topics#destroy");
    }

    static async Task<Viewer> ReviewerAsync(HttpContext context, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        return viewer.User.IsStaff ? viewer : throw Refused.InvalidAccess();
    }

    static async Task<(Reviewable Reviewable, Viewer Viewer)> FindAsync(HttpContext context, long id, CancellationToken cancellation)
    {
        var viewer = await ReviewerAsync(context, cancellation);
        var reviewable = await ReviewableStore.FindAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), id, cancellation) ?? throw Refused.NotFound();
        return reviewable.CategoryId is { } category && !viewer.Categories.CanSee(viewer.User, category) ? throw Refused.NotFound() : (reviewable, viewer);
    }

    static DateTime? Date(Parameters given, string name) => given.Text(name) is not { Length: > 0 } text ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date) ? date : throw Refused.InvalidParameters(name);

    static async Task<IResult> ListAsync(HttpContext context, Parameters given, ForumDatabase database, ReviewJson json, CancellationToken cancellation)
    {
        var viewer = await ReviewerAsync(context, cancellation);
        var status = given.Text("status") is { Length: > 0 } asked ? asked : "pending";
        if (!Statuses.Contains(status))
            throw Refused.InvalidParameters("status");
        var type = given.Text("type") is { Length: > 0 } wanted ? wanted : null;
        if (type is not null && !Reviewable.Types.Contains(type))
            throw Refused.InvalidParameters("type");
        var offset = given.Int("offset") ?? 0;
        if (offset < 0)
            throw Refused.InvalidParameters("offset");
        object?[] filters =
        [
            status, type, given.Text("topic_id") is { Length: > 0 } ? given.Int("topic_id") : null, given.Text("category_id") is { Length: > 0 } ? given.Int("category_id") : null,
            Name("username"), Name("reviewed_by"), Name("flagged_by"), Date(given, "from_date"), Date(given, "to_date"),
            given.Text("ids") is { Length: > 0 } ? (given.Ints("ids") ?? []).Select(id => (long)id).ToArray() : null, given.Int("score_type"),
            viewer.User.IsAdmin, viewer.VisibleCategories,
        ];
        var total = await database.ScalarAsync<int>($"SELECT count(*)::int FROM reviewables r WHERE {Filter}", filters, cancellation);
        var rows = await database.ListAsync($"""
            SELECT {Reviewable.Columns}
            FROM reviewables r
            WHERE {Filter}
            ORDER BY CASE WHEN $14 = 'score_asc' THEN r.score END, CASE WHEN $14 = 'created_at' THEN r.created_at END DESC, CASE WHEN $14 = 'created_at_asc' THEN r.created_at END,
                r.score DESC, r.created_at DESC, r.id DESC
            LIMIT $15 OFFSET $16
            """, Reviewable.Read, [.. filters, given.Text("sort_order") ?? "score", PerPage, offset], cancellation);
        var answer = await json.ListAsync(database, rows, viewer, cancellation);
        answer["meta"] = await MetaAsync(database, viewer, status, type, total, offset, cancellation);
        return Replies.Json(answer);

        string? Name(string parameter) => given.Text(parameter) is { Length: > 0 } text ? text.ToLowerInvariant() : null;
    }

    const string Filter = """
        CASE $1::text WHEN 'all' THEN true WHEN 'reviewed' THEN r.status <> 0
                ELSE r.status = array_position(ARRAY['pending', 'approved', 'rejected', 'ignored', 'deleted'], $1::text) - 1 END
            AND ($2::text IS NULL OR r.type = $2) AND ($3::int IS NULL OR r.topic_id = $3) AND ($4::int IS NULL OR r.category_id = $4)
            AND ($5::text IS NULL OR r.target_created_by_id = (SELECT id FROM users WHERE username_lower = $5))
            AND ($6::text IS NULL OR EXISTS (SELECT FROM reviewable_histories h JOIN users hu ON hu.id = h.created_by_id
                WHERE h.reviewable_id = r.id AND h.reviewable_history_type = 1 AND h.status <> 0 AND hu.username_lower = $6))
            AND ($7::text IS NULL OR EXISTS (SELECT FROM reviewable_scores s JOIN users su ON su.id = s.user_id WHERE s.reviewable_id = r.id AND su.username_lower = $7))
            AND ($8::timestamp IS NULL OR r.created_at >= $8) AND ($9::timestamp IS NULL OR r.created_at <= $9) AND ($10::bigint[] IS NULL OR r.id = ANY($10))
            AND ($11::int IS NULL OR EXISTS (SELECT FROM reviewable_scores s WHERE s.reviewable_id = r.id AND s.reviewable_score_type = $11))
            AND ($12 OR (r.reviewable_by_moderator AND (r.category_id IS NULL OR r.category_id = ANY($13))))
        """;

    static async Task<JsonObject> MetaAsync(SqlSession sql, Viewer viewer, string status, string? type, int total, int offset, CancellationToken cancellation)
    {
        var pending = await ReviewableStore.PendingCountAsync(sql, viewer.User, cancellation);
        var meta = new JsonObject
        {
            ["status"] = status,
            ["type"] = type,
            ["total_rows_reviewables"] = total,
            ["types"] = new JsonObject { ["created_by"] = "user", ["target_created_by"] = "user", ["reviewed_by"] = "user", ["claimed_by"] = "user" },
            ["reviewable_types"] = Reviewable.Types.ToJsonArray(),
            ["score_types"] = Flagging.ScoreTypes.Select(id => (JsonNode?)new JsonObject { ["id"] = id, ["name"] = ReviewJson.Title(id) }).ToJsonArray(),
            ["reviewable_count"] = pending,
            ["unseen_reviewable_count"] = pending,
        };
        if (offset + PerPage < total)
            meta["load_more_reviewables"] = string.Create(CultureInfo.InvariantCulture, $"/review?status={status}{(type is null ? "" : "&type=" + type)}&offset={offset + PerPage}");
        return meta;
    }

    static async Task<IResult> CountAsync(HttpContext context, ForumDatabase database, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["count"] = await ReviewableStore.PendingCountAsync(database, (await ReviewerAsync(context, cancellation)).User, cancellation) });

    static async Task<IResult> TopicsAsync(HttpContext context, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await ReviewerAsync(context, cancellation);
        var topics = await database.ListAsync("""
            SELECT t.id, t.title, coalesce(t.fancy_title, t.title), coalesce(t.slug, 'topic'), t.archived, t.closed, t.visible, t.archetype, max(c.user_id),
                count(s.id)::int, count(DISTINCT s.user_id)::int
            FROM reviewables r
            JOIN topics t ON t.id = r.topic_id
            JOIN reviewable_scores s ON s.reviewable_id = r.id
            LEFT JOIN reviewable_claimed_topics c ON c.topic_id = t.id
            WHERE r.status = 0 AND (t.category_id IS NULL OR t.category_id = ANY($1))
            GROUP BY t.id
            ORDER BY t.reviewable_score DESC, t.id
            LIMIT 100
            """, row => (Claimer: row.IntOrNull(8), Json: new JsonObject
        {
            ["id"] = row.Int(0),
            ["title"] = row.Text(1),
            ["fancy_title"] = row.Text(2),
            ["slug"] = row.Text(3),
            ["archived"] = row.Bool(4),
            ["closed"] = row.Bool(5),
            ["visible"] = row.Bool(6),
            ["archetype"] = row.Text(7),
            ["relative_url"] = $"/t/{row.Text(3)}/{row.Int(0)}",
            ["stats"] = new JsonObject { ["count"] = row.Int(9), ["unique_users"] = row.Int(10) },
        }), [viewer.VisibleCategories], cancellation);
        var people = await UserBriefs.LoadAsync(database, topics.Select(topic => topic.Claimer).OfType<int>(), cancellation);
        foreach (var (claimer, json) in topics)
            json["claimed_by"] = claimer is { } id && people.TryGetValue(id, out var user) ? user.Json(baseUrl.Host) : null;
        return Replies.Json(new JsonObject { ["reviewable_topics"] = topics.Select(topic => (JsonNode?)topic.Json).ToJsonArray(), ["meta"] = new JsonObject() });
    }

    static async Task<IResult> ShowAsync(HttpContext context, long id, ForumDatabase database, ReviewJson json, CancellationToken cancellation)
    {
        var (reviewable, viewer) = await FindAsync(context, id, cancellation);
        var answer = await json.ListAsync(database, [reviewable], viewer, cancellation);
        answer["reviewable"] = answer["reviewables"]![0]!.DeepClone();
        answer.Remove("reviewables");
        answer["meta"] = new JsonObject { ["types"] = new JsonObject { ["created_by"] = "user", ["target_created_by"] = "user", ["reviewed_by"] = "user", ["claimed_by"] = "user" } };
        return Replies.Json(answer);
    }

    /// <summary>What the score is made of.</summary>
    static async Task<IResult> ExplainAsync(HttpContext context, long id, ForumDatabase database, CancellationToken cancellation)
    {
        var (reviewable, _) = await FindAsync(context, id, cancellation);
        var scores = await database.ListAsync("""
            SELECT s.reviewable_id, s.user_id, u.trust_level, s.user_accuracy_bonus, s.take_action_bonus, s.score, coalesce(st.flags_agreed, 0), coalesce(st.flags_disagreed, 0), coalesce(st.flags_ignored, 0)
            FROM reviewable_scores s
            LEFT JOIN users u ON u.id = s.user_id
            LEFT JOIN user_stats st ON st.user_id = s.user_id
            WHERE s.reviewable_id = $1
            ORDER BY s.id
            """, row => (JsonNode?)new JsonObject
        {
            ["user_id"] = row.Int(1),
            ["type_bonus"] = 0.0,
            ["trust_level_bonus"] = row.IntOrNull(2) ?? 0,
            ["take_action_bonus"] = row.Number(4),
            ["flags_agreed"] = row.Int(6),
            ["flags_disagreed"] = row.Int(7),
            ["flags_ignored"] = row.Int(8),
            ["user_accuracy_bonus"] = row.Number(3),
            ["score"] = row.Number(5),
        }, [(int)reviewable.Id], cancellation);
        return Replies.Json(new JsonObject { ["reviewable_explanation"] = new JsonObject { ["id"] = reviewable.Id, ["total_score"] = reviewable.Score, ["scores"] = scores.ToJsonArray() } });
    }

    static async Task<IResult> PerformAsync(HttpContext context, long id, string action, Parameters given, ForumDatabase database, Reviews reviews, CancellationToken cancellation)
    {
        if (given.Text("version") is not { Length: > 0 })
            throw Refused.Invalid("The version of the reviewable is missing.");
        var (reviewable, viewer) = await FindAsync(context, id, cancellation);
        await CheckClaimAsync(database, reviewable, viewer, cancellation);
        var prefix = $"{id}-";
        var outcome = await reviews.PerformAsync(reviewable, action.StartsWith(prefix, StringComparison.Ordinal) ? action[prefix.Length..] : action, new ReviewArguments
        {
            Version = given.RequiredInt("version"),
            RejectReason = given.Text("reject_reason"),
            SendMail = given.Bool("send_email") != false,
            Feedback = (given.Text("revise_custom_reason") is { Length: > 0 } own ? own : given.Text("revise_reason")) is { } reason ? $"{reason} {given.Text("revise_feedback")}".Trim() : null,
        }, viewer, cancellation);
        var count = await ReviewableStore.PendingCountAsync(database, viewer.User, cancellation);
        var result = new JsonObject
        {
            ["success"] = true,
            ["transition_to"] = Statuses[(int)outcome.Reviewable.Status],
            ["transition_to_id"] = (int)outcome.Reviewable.Status,
            ["remove_reviewable_ids"] = new JsonArray([.. outcome.RemovedIds.Select(removed => (JsonNode?)removed)]),
            ["version"] = outcome.Reviewable.Version,
            ["reviewable_count"] = count,
            ["unseen_reviewable_count"] = count,
        };
        if (outcome.Created is { } post)
        {
            result["created_post_id"] = post.Id;
            result["created_post_topic_id"] = post.TopicId;
        }

        return Replies.Json(new JsonObject { ["reviewable_perform_result"] = result });
    }

    /// <summary>With reviewable_claiming one moderator at a time works on a topic.</summary>
    static async Task CheckClaimAsync(SqlSession sql, Reviewable reviewable, Viewer viewer, CancellationToken cancellation)
    {
        var claiming = viewer.Settings.Text("reviewable_claiming");
        if (claiming == "disabled" || reviewable.TopicId is not { } topic)
            return;
        var claimer = await sql.ScalarAsync<int?>("SELECT user_id FROM reviewable_claimed_topics WHERE topic_id = $1", [topic], cancellation);
        if (claimer is null && claiming == "required")
            throw Refused.Invalid("Claim the topic first.");
        if (claimer is not null && claimer != viewer.User.Id)
            throw Refused.Invalid("Another moderator has claimed this topic.");
    }

    static async Task<IResult> UpdateAsync(HttpContext context, long id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var version = given.Int("version") ?? throw Refused.Invalid("The version of the reviewable is missing.");
        var (reviewable, viewer) = await FindAsync(context, id, cancellation);
        await CheckClaimAsync(database, reviewable, viewer, cancellation);
        var wanted = given.Node("reviewable") as JsonObject ?? [];
        var editable = ReviewJson.EditableFields(reviewable, viewer).Select(field => field.Id).ToHashSet();
        var named = wanted.SelectMany(pair => pair.Value is JsonObject nested ? nested.Select(inner => $"{pair.Key}.{inner.Key}") : [pair.Key]).ToArray();
        if (named.Length == 0 || named.Any(name => !editable.Contains(name)))
            throw Refused.InvalidAccess();
        var payload = (JsonObject)reviewable.Payload.DeepClone();
        foreach (var (name, value) in wanted["payload"] as JsonObject ?? [])
            payload[name] = value?.DeepClone();
        var category = given.Nested("reviewable").Int("category_id");
        if (category is { } moved && !viewer.Categories.CanSee(viewer.User, moved))
            throw Refused.InvalidParameters("category_id");
        await using var sql = await database.BeginAsync(cancellation);
        await ReviewableStore.RaiseVersionAsync(sql, id, version, viewer.Now, cancellation);
        await sql.ExecuteAsync("UPDATE reviewables SET payload = $2::json, category_id = coalesce($3, category_id) WHERE id = $1", [id, payload.ToJsonString(), category], cancellation);
        await ReviewableStore.LogAsync(sql, id, ReviewableEvent.Edited, reviewable.Status, viewer.User.Id, wanted, viewer.Now, cancellation);
        await sql.CommitAsync(cancellation);
        var answer = (JsonObject)wanted.DeepClone();
        answer["version"] = version + 1;
        return Replies.Json(answer);
    }

    /// <summary>An author takes back what waits.</summary>
    static async Task<IResult> WithdrawAsync(HttpContext context, long id, ForumDatabase database, Viewers viewers, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        var reviewable = await ReviewableStore.FindAsync(sql, id, cancellation);
        if (reviewable is not { Type: Reviewable.QueuedPost, IsPending: true } || (reviewable.TargetCreatedById != viewer.User.Id && !viewer.User.IsStaff))
            throw Refused.NotFound();
        await QueuedPosts.EndAsync(sql, reviewable, ReviewableStatus.Deleted, viewer, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ClaimAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ReviewerAsync(context, cancellation);
        var topic = given.Nested("reviewable_claimed_topic").Int("topic_id") ?? given.RequiredInt("topic_id");
        var made = await database.ExecuteAsync("""
            INSERT INTO reviewable_claimed_topics (user_id, topic_id, created_at, updated_at)
            SELECT $1, t.id, $3, $3 FROM topics t WHERE t.id = $2
            ON CONFLICT DO NOTHING
            """, [viewer.User.Id, topic, viewer.Now], cancellation);
        return made > 0 ? Replies.Success() : throw new RefusedException(409, null, "Another moderator has claimed this topic, or there is none.");
    }

    static async Task<IResult> UnclaimAsync(HttpContext context, int topicId, ForumDatabase database, CancellationToken cancellation)
    {
        await ReviewerAsync(context, cancellation);
        return await database.ExecuteAsync("DELETE FROM reviewable_claimed_topics WHERE topic_id = $1", [topicId], cancellation) > 0 ? Replies.Success() : throw Refused.NotFound();
    }
}
