using Forum.Database;
using Forum.Markdown;
using Forum.Notifications;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>Tells those whom a new post concerns, each once, by the strongest reason.</summary>
static class PostNotifications
{
    public static async Task SendAsync(SqlSession sql, Viewer viewer, Topic topic, Post post, CookReferences references, CancellationToken cancellation)
    {
        var author = viewer.User;
        HashSet<int> told = [author.Id, -1, -2];
        var data = Notifier.DataOf(topic, post, author.Username);
        var batch = new SqlBatch(sql);
        var linked = Linked(batch, post);
        var watchers = Watchers(batch, topic);
        var listening = post.PostNumber > 1 && topic.UserId != author.Id ? AuthorIfListening(batch, topic) : [];
        await batch.RunAsync(cancellation);

        if (topic.IsMessage && post.PostNumber == 1)
            await TellAsync(topic.AllowedUserIds, NotificationType.PrivateMessage);
        await TellAsync(await MentionedAsync(sql, references, topic, viewer, cancellation), NotificationType.Mentioned);
        await TellGroupsAsync(sql, references, viewer, post, TellAsync, cancellation);
        await TellAsync(await QuotedAsync(sql, references, cancellation), NotificationType.Quoted);
        if (post.ReplyToUser is { } replied)
            await TellAsync([replied.Id], NotificationType.Replied);
        await TellAsync(linked, NotificationType.Linked);
        if (post.PostNumber == 1 && !topic.IsMessage)
            await TellAsync(await FirstPostWatchersAsync(sql, topic, cancellation), NotificationType.WatchingFirstPost);
        await TellAsync(listening, NotificationType.Replied);
        await TellAsync(watchers, topic.IsMessage ? NotificationType.PrivateMessage : NotificationType.Posted);

        async Task TellAsync(IEnumerable<int> ids, NotificationType type)
        {
            var receivers = await AllowedAsync(sql, [.. ids.Where(id => !told.Contains(id)).Distinct()], topic, post, author.Id, cancellation);
            told.UnionWith(receivers);
            await Notifier.AddAsync(sql, receivers, type, (System.Text.Json.Nodes.JsonObject)data.DeepClone(), topic.Id, post.PostNumber, null, viewer.Now, cancellation);
            if (type is NotificationType.Mentioned or NotificationType.Quoted or NotificationType.Replied)
                await ActionsAsync(sql, receivers, type, topic, post, author.Id, viewer.Now, cancellation);
        }
    }

    static async Task ActionsAsync(SqlSession sql, List<int> receivers, NotificationType type, Topic topic, Post post, int authorId, DateTime now, CancellationToken cancellation)
    {
        if (receivers.Count == 0)
            return;
        var action = type switch { NotificationType.Mentioned => 7, NotificationType.Quoted => 9, _ => 6 };
        await sql.WriteAsync("""
            INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
            SELECT $2, r.id, $3, $4, $5, $6, $6
            FROM unnest($1::int[]) AS r (id)
            ON CONFLICT DO NOTHING
            """, [receivers.ToArray(), action, topic.Id, post.Id, authorId, now], cancellation);
    }

    /// <summary>Those who may see the post and muted neither topic nor author.</summary>
    static async Task<List<int>> AllowedAsync(SqlSession sql, int[] ids, Topic topic, Post post, int authorId, CancellationToken cancellation)
    {
        if (ids.Length == 0)
            return [];
        return await sql.ListAsync("""
            SELECT u.id
            FROM users u
            WHERE u.id = ANY($1) AND u.active AND (u.suspended_till IS NULL OR u.suspended_till < now())
                AND NOT EXISTS (SELECT FROM topic_users tu WHERE tu.topic_id = $2 AND tu.user_id = u.id AND tu.notification_level = 0)
                AND NOT EXISTS (SELECT FROM muted_users m WHERE m.user_id = u.id AND m.muted_user_id = $3)
                AND NOT EXISTS (SELECT FROM ignored_users m WHERE m.user_id = u.id AND m.ignored_user_id = $3)
                AND CASE WHEN $4 THEN u.admin OR EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = $2 AND a.user_id = u.id)
                        OR EXISTS (SELECT FROM topic_allowed_groups a JOIN group_users gu ON gu.group_id = a.group_id WHERE a.topic_id = $2 AND gu.user_id = u.id)
                    ELSE u.admin OR NOT EXISTS (SELECT FROM category_groups cg WHERE cg.category_id = $5)
                        OR EXISTS (SELECT FROM category_groups cg LEFT JOIN group_users gu ON gu.group_id = cg.group_id AND gu.user_id = u.id
                            WHERE cg.category_id = $5 AND (cg.group_id = 0 OR gu.user_id IS NOT NULL)) END
                AND ($6 <> 4 OR u.admin OR coalesce(u.moderator, false))
            """, row => row.Int(0), [ids, topic.Id, authorId, topic.IsMessage, topic.CategoryId ?? 0, (int)post.Type], cancellation);
    }

    static async Task<List<int>> MentionedAsync(SqlSession sql, CookReferences references, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var names = references.Mentions.Take(viewer.User.TrustLevel == 0 && !viewer.User.IsStaff
            ? viewer.Settings.Int("newuser_max_mentions_per_post") : viewer.Settings.Int("max_mentions_per_post")).ToArray();
        if (names.Length == 0)
            return [];
        var ids = await sql.ListAsync("SELECT id FROM users WHERE username_lower = ANY($1)", row => row.Int(0), [names], cancellation);
        if (names.Contains("here") && (viewer.User.IsStaff || viewer.User.IsInAny(viewer.Settings.Ids("here_mention_allowed_groups"))))
        {
            ids.AddRange(await sql.ListAsync("""
                SELECT DISTINCT user_id
                FROM posts
                WHERE topic_id = $1 AND deleted_at IS NULL AND user_id IS NOT NULL AND post_type = 1
                LIMIT $2
                """, row => row.Int(0), [topic.Id, viewer.Settings.Int("max_here_mentioned")], cancellation));
        }

        return ids;
    }

    static async Task TellGroupsAsync(SqlSession sql, CookReferences references, Viewer viewer, Post post, Func<IEnumerable<int>, NotificationType, Task> tell, CancellationToken cancellation)
    {
        if (references.Mentions.Count == 0)
            return;
        var groups = await sql.ListAsync("""
            SELECT id, coalesce(mentionable_level, 0)
            FROM groups
            WHERE lower(name) = ANY($1) AND user_count <= $2
            """, row => (Id: row.Int(0), Level: row.Int(1)), [references.Mentions.ToArray(), viewer.Settings.Int("max_users_notified_per_group_mention")], cancellation);
        var allowed = groups.Where(group => GroupMentions.Allows(group.Id, group.Level, viewer)).Select(group => group.Id).ToArray();
        if (allowed.Length == 0)
            return;
        await sql.ExecuteAsync("""
            INSERT INTO group_mentions (post_id, group_id, created_at, updated_at)
            SELECT $1, g.id, $3, $3
            FROM unnest($2::int[]) AS g (id)
            ON CONFLICT DO NOTHING
            """, [post.Id, allowed, viewer.Now], cancellation);
        await tell(await sql.ListAsync("SELECT user_id FROM group_users WHERE group_id = ANY($1)", row => row.Int(0), [allowed], cancellation), NotificationType.GroupMentioned);
    }

    static async Task<List<int>> QuotedAsync(SqlSession sql, CookReferences references, CancellationToken cancellation)
    {
        var topics = references.Quotes.Where(quote => quote.TopicId < int.MaxValue && quote.PostNumber is not null).ToArray();
        if (topics.Length == 0)
            return [];
        return await sql.ListAsync("""
            SELECT p.user_id
            FROM unnest($1::int[], $2::int[]) AS q (topic_id, post_number)
            JOIN posts p ON p.topic_id = q.topic_id AND p.post_number = q.post_number
            WHERE p.user_id IS NOT NULL
            """, row => row.Int(0), [topics.Select(quote => (int)quote.TopicId!.Value).ToArray(), topics.Select(quote => quote.PostNumber!.Value).ToArray()], cancellation);
    }

    static List<int> Linked(SqlBatch batch, Post post) => batch.List("""
        SELECT DISTINCT p.user_id
        FROM topic_links l
        JOIN posts p ON p.id = l.link_post_id
        WHERE l.post_id = $1 AND l.internal AND NOT coalesce(l.reflection, false) AND NOT l.quote AND p.user_id IS NOT NULL
        """, row => row.Int(0), [post.Id]);

    static async Task<List<int>> FirstPostWatchersAsync(SqlSession sql, Topic topic, CancellationToken cancellation) => await sql.ListAsync("""
        SELECT user_id FROM category_users WHERE category_id = $1 AND notification_level = 4
        UNION
        SELECT tu.user_id FROM tag_users tu JOIN topic_tags tt ON tt.tag_id = tu.tag_id WHERE tt.topic_id = $2 AND tu.notification_level = 4
        """, row => row.Int(0), [topic.CategoryId ?? 0, topic.Id], cancellation);

    static List<int> AuthorIfListening(SqlBatch batch, Topic topic) => batch.List("""
        SELECT user_id FROM topic_users WHERE topic_id = $1 AND user_id = $2 AND notification_level >= 2
        """, row => row.Int(0), [topic.Id, topic.UserId]);

    /// <summary>Who watches the topic; or its category or a tag of it, unless they chose something else for the topic itself.</summary>
    static List<int> Watchers(SqlBatch batch, Topic topic) => batch.List("""
        SELECT user_id FROM topic_users WHERE topic_id = $1 AND notification_level = 3
        UNION
        SELECT cu.user_id FROM category_users cu LEFT JOIN topic_users tu ON tu.topic_id = $1 AND tu.user_id = cu.user_id
        WHERE cu.category_id = $2 AND cu.notification_level = 3 AND (tu.user_id IS NULL OR (tu.notification_level > 0 AND tu.notifications_reason_id IS DISTINCT FROM 2))
        UNION
        SELECT g.user_id FROM tag_users g JOIN topic_tags tt ON tt.tag_id = g.tag_id LEFT JOIN topic_users tu ON tu.topic_id = $1 AND tu.user_id = g.user_id
        WHERE tt.topic_id = $1 AND g.notification_level = 3 AND (tu.user_id IS NULL OR (tu.notification_level > 0 AND tu.notifications_reason_id IS DISTINCT FROM 2))
        """, row => row.Int(0), [topic.Id, topic.CategoryId ?? 0]);
}
