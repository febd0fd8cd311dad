using System.Threading.Channels;
using Forum.Database;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;
using Npgsql;

namespace Forum.Reading;

/// <summary>Counts who looks at topics: a member once a day, an address once a day. Nobody waits for it: what was looked at is noted right after.</summary>
sealed partial class TopicViews(ForumDatabase database, ILogger<TopicViews> logger) : BackgroundService
{
    const int MostWaiting = 10_000;

    readonly Channel<View> _views = Channel.CreateBounded<View>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Count(Topic topic, Viewer viewer, HttpContext context)
    {
        // As upstream: a page counts when it is a browser's, an answer to a script when the script says that it shows the topic.
        if (context.WantsJson() && context.Request.Headers["Discourse-Track-View"] != "true" && !context.Request.Query.ContainsKey("track_visit"))
            return;
        _views.Writer.TryWrite(new View(topic.Id, viewer.User.IsAnonymous ? null : viewer.User.Id, context.ClientIp(), topic.Mine is null, viewer.Now));
    }

    /// <summary>No more come; those that wait are counted still.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _views.Writer.TryComplete();
        return ExecuteTask ?? Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var view in _views.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await CountAsync(view, CancellationToken.None);
            }
            catch (NpgsqlException e)
            {
                LogUncounted(view.TopicId, e.Message);
            }
        }
    }

    async Task CountAsync(View view, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            WITH seen AS (
                INSERT INTO topic_views (topic_id, viewed_at, user_id, ip_address)
                SELECT $1, $2::date, $3::int, CASE WHEN $3::int IS NULL THEN $4::inet END
                WHERE NOT EXISTS (SELECT FROM topic_views v WHERE v.topic_id = $1
                    AND CASE WHEN $3::int IS NULL THEN v.ip_address = $4::inet AND v.user_id IS NULL AND v.viewed_at = $2::date ELSE v.user_id = $3 AND v.viewed_at = $2::date END)
                ON CONFLICT DO NOTHING
                RETURNING topic_id
            )
            UPDATE topics
            SET views = views + 1
            WHERE id IN (SELECT topic_id FROM seen)
            """, [view.TopicId, view.At, view.UserId, view.Ip], cancellation);
        if (view is not { UserId: { } user, IsFirst: true })
            return;
        // Two statements, so that this never holds one row and waits for another that a change of the topic holds.
        var entered = await database.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, first_visited_at, last_visited_at)
            VALUES ($1, $2, 1, $3, $3)
            ON CONFLICT DO NOTHING
            """, [user, view.TopicId, view.At], cancellation);
        if (entered > 0)
        {
            await database.ExecuteAsync("UPDATE user_stats SET topics_entered = topics_entered + 1 WHERE user_id = $1", [user], cancellation);
        }
    }

    /// <param name="UserId">Null for a visitor.</param>
    /// <param name="IsFirst">The member has no row with the topic yet.</param>
    sealed record View(int TopicId, int? UserId, string Ip, bool IsFirst, DateTime At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not count a view of topic {TopicId}: {Reason}")]
    partial void LogUncounted(int topicId, string reason);
}
