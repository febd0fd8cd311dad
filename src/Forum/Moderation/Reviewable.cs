using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Database;
using Npgsql;

namespace Forum.Moderation;

/// <summary>Where a reviewable stands; the numbers are those of reviewables.status.</summary>
enum ReviewableStatus
{
    Pending,
    Approved,
    Rejected,
    Ignored,
    Deleted,
}

/// <summary>Something that waits for a moderator, or did: a flagged post, a post or topic that is not published yet, a new member.</summary>
sealed record Reviewable
{
    public const string FlaggedPost = "ReviewableFlaggedPost";
    public const string QueuedPost = "ReviewableQueuedPost";
    public const string NewUser = "ReviewableUser";

    public static readonly string[] Types = [FlaggedPost, QueuedPost, NewUser, "ReviewablePost"];

    public required long Id { get; init; }

    public required string Type { get; init; }

    public ReviewableStatus Status { get; init; }

    public int CreatedById { get; init; }

    public int? CategoryId { get; init; }

    public int? TopicId { get; init; }

    public double Score { get; init; }

    public bool IsPotentialSpam { get; init; }

    public int? TargetId { get; init; }

    public string? TargetType { get; init; }

    /// <summary>Whose post it is, or who waits to be let in.</summary>
    public int? TargetCreatedById { get; init; }

    /// <summary>Of a queued post: raw, title, tags and the like; of a member: name and address.</summary>
    public JsonObject Payload { get; init; } = [];

    /// <summary>Goes up with each change; who acts on an older one is told that it has changed.</summary>
    public int Version { get; init; }

    public DateTime CreatedAt { get; init; }

    public string? RejectReason { get; init; }

    public bool IsPending => Status == ReviewableStatus.Pending;

    public string? PayloadText(string name) => Payload[name] is JsonValue value ? value.ToString() : null;

    /// <summary>The columns that <see cref="Read"/> takes, of reviewables r.</summary>
    public const string Columns = """
        r.id, r.type, r.status, r.created_by_id, r.category_id, r.topic_id, r.score, r.potential_spam, r.target_id, r.target_type, r.target_created_by_id,
        r.payload::text, r.version, r.created_at, r.reject_reason
        """;

    public static Reviewable Read(NpgsqlDataReader row) => new()
    {
        Id = row.Long(0),
        Type = row.Text(1),
        Status = (ReviewableStatus)row.Int(2),
        CreatedById = row.Int(3),
        CategoryId = row.IntOrNull(4),
        TopicId = row.IntOrNull(5),
        Score = row.Number(6),
        IsPotentialSpam = row.Bool(7),
        TargetId = row.IntOrNull(8),
        TargetType = row.TextOrNull(9),
        TargetCreatedById = row.IntOrNull(10),
        Payload = Parse(row.TextOrNull(11)),
        Version = row.Int(12),
        CreatedAt = row.Time(13),
        RejectReason = row.TextOrNull(14),
    };

    static JsonObject Parse(string? text)
    {
        try
        {
            return text is null ? [] : JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
