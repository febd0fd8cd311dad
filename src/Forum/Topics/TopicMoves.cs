using Forum.Database;
using Forum.Notifications;
using Forum.Posts;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Moves posts into another topic, new or there already, and merges topics whole.</summary>
sealed class TopicMoves(ForumDatabase database, PostCreation creation, TopicStatus status, ForumEvents events)
{
    /// <returns>The topic that the posts are in now.</returns>
    public async Task<Topic> MoveAsync(Topic from, IReadOnlyList<int>? postIds, int? destinationId, string? title, int? categoryId, IReadOnlyList<string> tags, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, destinationId is { } other ? [from.Id, other] : [from.Id], cancellation);
        await TopicLocks.TakeAsync(sql, from, null, cancellation);
        var posts = await sql.ListAsync($"""
            SELECT {Post.Columns}
            FROM {Post.From}
            WHERE p.topic_id = $1 AND p.deleted_at IS NULL AND ($2::int[] IS NULL OR p.id = ANY($2))
            ORDER BY p.sort_order
            """, Post.Read, [from.Id, postIds?.ToArray()], cancellation);
        if (posts.Count == 0 || (postIds is not null && posts.Count != postIds.Distinct().Count()))
            throw Refused.InvalidParameters("post_ids");
        var into = destinationId is { } id
            ? await TopicStore.FindAsync(sql, id, viewer.User.Id, cancellation) ?? throw Refused.NotFound()
            : await NewTopicAsync(sql, from, posts[0], title, categoryId, tags, viewer, cancellation);
        if (!TopicPermissions.CanModerate(viewer, into) || into.Id == from.Id)
            throw Refused.InvalidAccess();

        var numbers = new Dictionary<int, int>();
        foreach (var post in destinationId is null ? posts.Skip(1) : posts)
        {
            if (post.PostNumber == 1)
            {
                // The first post stays, so that the old topic still begins somewhere; a copy goes.
                var copy = await creation.CreateAsync(sql, new NewPost { TopicId = into.Id, Raw = post.Raw, SkipValidations = true, Silent = true }, viewer with { User = AuthorOf(post) }, cancellation);
                numbers[1] = copy.PostNumber;
                continue;
            }

            numbers[post.PostNumber] = await RelocateAsync(sql, post, into.Id, cancellation);
        }

        if (destinationId is null && posts[0].PostNumber != 1)
        {
            await sql.ExecuteAsync("UPDATE posts SET deleted_at = $2, deleted_by_id = $3 WHERE id = $1", [posts[0].Id, viewer.Now, viewer.User.Id], cancellation);
            await TopicCounters.RefreshRepliesAsync(sql, posts[0].Id, cancellation);
        }

        await RenumberAsync(sql, into.Id, numbers, cancellation);
        await status.NoteAsync(sql, from, "split_topic", viewer, cancellation);
        await TopicCounters.RefreshAsync(sql, from.Id, bump: true, cancellation);
        await TopicCounters.RefreshAsync(sql, into.Id, bump: true, cancellation);
        await TopicCounters.RefreshCategoriesAsync(sql, [from.CategoryId, into.CategoryId], cancellation);
        await TopicCounters.RefreshUsersAsync(sql, posts.Select(post => post.UserId), cancellation);
        foreach (var post in posts.DistinctBy(post => post.UserId).Where(post => post.UserId != viewer.User.Id))
            await Notifier.AddAsync(sql, [post.UserId], NotificationType.MovedPost, Notifier.DataOf(into, post, viewer.User.Username), into.Id, 1, null, viewer.Now, cancellation);
        if (postIds is null && destinationId is not null)
            await sql.ExecuteAsync("UPDATE topics SET closed = true WHERE id = $1", [from.Id], cancellation);
        sql.AfterCommit(() => events.RaiseAsync("stats", from, null));
        sql.AfterCommit(() => events.RaiseAsync("stats", into, null));
        await sql.CommitAsync(cancellation);
        return into;
    }

    static Sessions.CurrentUser AuthorOf(Post post) => new()
    {
        Id = post.UserId,
        Username = post.Author.Username,
        IsAdmin = true,
        TrustLevel = 4,
        GroupIds = [0, 1, 3, 10, 11, 12, 13, 14],
    };

    async Task<Topic> NewTopicAsync(ForumTransaction sql, Topic from, Post first, string? title, int? categoryId, IReadOnlyList<string> tags, Viewer viewer, CancellationToken cancellation)
    {
        var problems = PostRules.Title(title, from.IsMessage, viewer.Settings).ToArray();
        if (problems.Length > 0)
            throw Refused.Invalid(problems);
        var post = await creation.CreateAsync(sql, new NewPost
        {
            Title = title,
            Raw = first.Raw,
            CategoryId = categoryId ?? from.CategoryId,
            Tags = tags,
            SkipValidations = true,
            Silent = true,
            CreatedAt = first.CreatedAt,
        }, viewer with { User = AuthorOf(first) }, cancellation);
        return (await TopicStore.FindAsync(sql, post.TopicId, viewer.User.Id, cancellation))!;
    }

    static async Task<int> RelocateAsync(SqlSession sql, Post post, int into, CancellationToken cancellation)
    {
        var number = await sql.ScalarAsync<int>("""
            UPDATE topics
            SET highest_staff_post_number = greatest(highest_staff_post_number, (SELECT max(post_number) FROM posts WHERE topic_id = $1)) + 1
            WHERE id = $1
            RETURNING highest_staff_post_number
            """, [into], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET topic_id = $2, post_number = $3, sort_order = $3 WHERE id = $1", [post.Id, into, number], cancellation);
        await sql.ExecuteAsync("UPDATE topic_links SET topic_id = $2 WHERE post_id = $1 AND NOT coalesce(reflection, false)", [post.Id, into], cancellation);
        await sql.ExecuteAsync("UPDATE user_actions SET target_topic_id = $2 WHERE target_post_id = $1", [post.Id, into], cancellation);
        await sql.ExecuteAsync("UPDATE notifications SET topic_id = $3, post_number = $4 WHERE topic_id = $1 AND post_number = $2", [post.TopicId, post.PostNumber, into, number], cancellation);
        return number;
    }

    /// <summary>Replies among the moved posts answer the same posts under their new numbers; others answer nothing here.</summary>
    static async Task RenumberAsync(SqlSession sql, int into, Dictionary<int, int> numbers, CancellationToken cancellation) => await sql.ExecuteAsync("""
        UPDATE posts p
        SET reply_to_post_number = m.new
        FROM posts q
        LEFT JOIN unnest($2::int[], $3::int[]) AS m (old, new) ON m.old = q.reply_to_post_number
        WHERE q.id = p.id AND p.topic_id = $1 AND p.post_number = ANY($3) AND p.reply_to_post_number IS NOT NULL
        """, [into, numbers.Keys.ToArray(), numbers.Values.ToArray()], cancellation);
}
