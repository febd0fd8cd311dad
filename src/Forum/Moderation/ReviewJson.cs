using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Lists;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>Reviewables in Discourse's shape: records that name each other by id, each kind in a list of its own beside them.</summary>
sealed class ReviewJson(BaseUrl baseUrl)
{
    static readonly Dictionary<int, string> ScoreTitles = new()
    {
        [3] = "Off-Topic", [4] = "Inappropriate", [6] = "Notify user", [7] = "Something else", [8] = "Spam", [9] = "Needs approval", [10] = "Illegal",
    };

    sealed record Score(long Id, long ReviewableId, int UserId, int Type, int Status, double Value, string? Reason, DateTime CreatedAt, int? ReviewedById, DateTime? ReviewedAt,
        int Agreed, int Disagreed, int Ignored, int? MetaTopicId);

    /// <returns>The records under "reviewables", and "users", "topics", "bundled_actions", "actions", "reviewable_scores" and "score_types".</returns>
    public async Task<JsonObject> ListAsync(SqlSession sql, IReadOnlyList<Reviewable> rows, Viewer viewer, CancellationToken cancellation)
    {
        var subjects = new List<ReviewSubject>();
        foreach (var row in rows)
            subjects.Add(await Reviews.SubjectAsync(sql, row, viewer, cancellation));
        var scores = await ScoresAsync(sql, [.. rows.Select(row => (int)row.Id)], cancellation);
        var claims = (await sql.ListAsync("SELECT topic_id, user_id FROM reviewable_claimed_topics WHERE topic_id = ANY($1)", row => (Topic: row.Int(0), User: row.Int(1)),
            [rows.Select(row => row.TopicId).OfType<int>().Distinct().ToArray()], cancellation)).ToDictionary(claim => claim.Topic, claim => claim.User);
        var people = await UserBriefs.LoadAsync(sql,
        [
            .. rows.Select(row => row.CreatedById), .. rows.Select(row => row.TargetCreatedById).OfType<int>(), .. scores.Select(score => score.UserId),
            .. scores.Select(score => score.ReviewedById).OfType<int>(), .. claims.Values,
        ], cancellation);
        var (bundles, actions) = (new JsonArray(), new JsonArray());
        var records = new JsonArray();
        foreach (var subject in subjects)
            records.Add(One(subject, viewer, [.. scores.Where(score => score.ReviewableId == subject.Reviewable.Id)], claims, bundles, actions));
        return new JsonObject
        {
            ["reviewables"] = records,
            ["users"] = people.Values.Select(user => (JsonNode?)user.Json(baseUrl.Host)).ToJsonArray(),
            ["topics"] = subjects.Select(subject => subject.Topic).OfType<Topic>().DistinctBy(topic => topic.Id).Select(topic => (JsonNode?)TopicListJson.Item(topic, viewer, ListShape.Site)).ToJsonArray(),
            ["bundled_actions"] = bundles,
            ["actions"] = actions,
            ["reviewable_scores"] = scores.Select(score => (JsonNode?)ScoreJson(score)).ToJsonArray(),
            ["score_types"] = scores.Select(score => score.Type).Distinct().Select(type => (JsonNode?)new JsonObject { ["id"] = type, ["title"] = Title(type) }).ToJsonArray(),
        };
    }

    public static string Title(int scoreType) => ScoreTitles.GetValueOrDefault(scoreType, "Other");

    static Task<List<Score>> ScoresAsync(SqlSession sql, int[] ids, CancellationToken cancellation) => sql.ListAsync("""
        SELECT s.id, s.reviewable_id, s.user_id, s.reviewable_score_type, s.status, s.score, s.reason, s.created_at, s.reviewed_by_id, s.reviewed_at,
            coalesce(u.flags_agreed, 0), coalesce(u.flags_disagreed, 0), coalesce(u.flags_ignored, 0), s.meta_topic_id
        FROM reviewable_scores s
        LEFT JOIN user_stats u ON u.user_id = s.user_id
        WHERE s.reviewable_id = ANY($1)
        ORDER BY s.created_at DESC
        """, row => new Score(row.Long(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Number(5), row.TextOrNull(6), row.Time(7), row.IntOrNull(8), row.TimeOrNull(9),
            row.Int(10), row.Int(11), row.Int(12), row.IntOrNull(13)), [ids], cancellation);

    static JsonObject ScoreJson(Score score)
    {
        var json = new JsonObject
        {
            ["id"] = score.Id,
            ["score"] = score.Value,
            ["status"] = score.Status,
            ["agree_stats"] = new JsonObject { ["agreed"] = score.Agreed, ["disagreed"] = score.Disagreed, ["ignored"] = score.Ignored },
            ["created_at"] = JsonParts.Time(score.CreatedAt),
            ["reviewed_at"] = JsonParts.Time(score.ReviewedAt),
            ["user_id"] = score.UserId,
            ["score_type_id"] = score.Type,
            ["reviewed_by_id"] = score.ReviewedById,
        };
        if (score.Reason is { } reason)
        {
            json["reason"] = reason;
            json["reason_type"] = reason;
        }

        if (score.MetaTopicId is { } topic)
            json["reviewable_conversation"] = new JsonObject { ["id"] = topic, ["permalink"] = $"/t/{topic}" };
        return json;
    }

    JsonObject One(ReviewSubject subject, Viewer viewer, Score[] scores, Dictionary<int, int> claims, JsonArray bundles, JsonArray actions)
    {
        var (reviewable, post, topic) = (subject.Reviewable, subject.Post, subject.Topic);
        var fields = EditableFields(reviewable, viewer).ToArray();
        var json = new JsonObject
        {
            ["id"] = reviewable.Id,
            ["type"] = reviewable.Type,
            ["type_source"] = "core",
            ["status"] = (int)reviewable.Status,
            ["created_at"] = JsonParts.Time(reviewable.CreatedAt),
            ["can_edit"] = fields.Length > 0,
            ["score"] = reviewable.Score,
            ["version"] = reviewable.Version,
            ["target_created_by_trust_level"] = subject.Target?.TrustLevel,
            ["created_by_id"] = reviewable.CreatedById,
            ["target_created_by_id"] = reviewable.TargetCreatedById,
            ["editable_fields"] = fields.Select(field => (JsonNode?)new JsonObject { ["id"] = field.Id, ["type"] = field.Type }).ToJsonArray(),
            ["reviewable_score_ids"] = new JsonArray([.. scores.Select(score => (JsonNode?)score.Id)]),
            ["bundled_action_ids"] = AddActions(subject, viewer, bundles, actions),
        };
        if (reviewable.CategoryId is { } category)
            json["category_id"] = category;
        if (reviewable.TopicId is { } topicId)
        {
            json[topic is null ? "removed_topic_id" : "topic_id"] = topicId;
            json["claimed_by_id"] = claims.TryGetValue(topicId, out var claimer) ? claimer : null;
        }

        if (topic is not null)
        {
            json["topic_url"] = topic.Url;
            json["topic_tags"] = TopicJson.Tags(topic);
            json["target_url"] = baseUrl.Absolute(post is null ? topic.Url : $"{topic.Url}/{post.PostNumber}");
        }

        switch (reviewable.Type)
        {
            case Reviewable.FlaggedPost when post is not null:
                json["post_id"] = post.Id;
                json["cooked"] = post.Cooked;
                json["raw"] = post.Raw;
                json["reply_count"] = post.ReplyCount;
                json["reply_to_post_number"] = post.ReplyToPostNumber;
                json["post_version"] = post.Version;
                json["post_updated_at"] = JsonParts.Time(post.UpdatedAt);
                json["blank_post"] = post.Cooked.Length == 0;
                json["payload"] = reviewable.Payload.DeepClone();
                break;
            case Reviewable.QueuedPost:
                if (post is not null)
                    json["post_id"] = post.Id;
                json["reply_to_post_number"] = reviewable.Payload["reply_to_post_number"]?.DeepClone();
                json["payload"] = reviewable.Payload.DeepClone();
                break;
            case Reviewable.NewUser:
                json["user_id"] = reviewable.TargetId;
                json["reject_reason"] = reviewable.RejectReason;
                json["user_deleted"] = subject.Target is null;
                json["payload"] = reviewable.Payload.DeepClone();
                break;
        }

        return json;
    }

    static JsonArray AddActions(ReviewSubject subject, Viewer viewer, JsonArray bundles, JsonArray actions)
    {
        var ids = new JsonArray();
        foreach (var bundle in ReviewActions.Of(subject, viewer).GroupBy(action => action.Bundle ?? action.Name))
        {
            var id = $"{subject.Reviewable.Id}-{bundle.Key}";
            var (icon, label) = ReviewActions.Bundles.TryGetValue(bundle.Key, out var known) ? known : (null, null);
            ids.Add(id);
            bundles.Add(new JsonObject
            {
                ["id"] = id,
                ["icon"] = icon,
                ["label"] = label,
                ["css_class"] = null,
                ["action_ids"] = bundle.Select(action => $"{subject.Reviewable.Id}-{action.Name}").ToJsonArray(),
            });
            foreach (var action in bundle)
            {
                var json = new JsonObject
                {
                    ["id"] = $"{subject.Reviewable.Id}-{action.Name}",
                    ["server_action"] = action.Name,
                    ["icon"] = action.Icon,
                    ["button_class"] = null,
                    ["label"] = action.Label,
                };
                if (action.ClientAction is { } client)
                    json["client_action"] = client;
                if (action.Confirm is { } question)
                    json["confirm_message"] = question;
                if (action.RequiresReason)
                    json["require_reject_reason"] = true;
                actions.Add(json);
            }
        }

        return ids;
    }

    /// <summary>What a moderator may correct before a post goes out.</summary>
    public static IEnumerable<(string Id, string Type)> EditableFields(Reviewable reviewable, Viewer viewer)
    {
        if (reviewable is not { Type: Reviewable.QueuedPost, IsPending: true })
            yield break;
        if (reviewable.TopicId is null)
        {
            yield return ("payload.title", "text");
            if (viewer.User.IsStaff)
                yield return ("category_id", "category");
            yield return ("payload.tags", "tags");
        }

        yield return ("payload.raw", "editor");
    }
}
