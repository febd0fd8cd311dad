using Forum.Database;
using Npgsql;

namespace Forum.Posts;

/// <summary>Posts, and what one reader did with them.</summary>
sealed class PostStore(ForumDatabase database)
{
    public Task<Post?> FindAsync(int id, CancellationToken cancellation) => FindAsync(database, id, cancellation);

    public static async Task<Post?> FindAsync(SqlSession sql, int id, CancellationToken cancellation) => await sql.FindAsync($"""
        SELECT {Post.Columns}
        FROM {Post.From}
        WHERE p.id = $1
        """, Post.Read, [id], cancellation);

    public async Task<Post?> FindByNumberAsync(int topicId, int number, CancellationToken cancellation) => await database.FindAsync($"""
        SELECT {Post.Columns}
        FROM {Post.From}
        WHERE p.topic_id = $1 AND p.post_number = $2
        """, Post.Read, [topicId, number], cancellation);

    public async Task<List<Post>> ListAsync(int[] ids, CancellationToken cancellation) => await database.ListAsync(ByIds, Post.Read, [ids], cancellation);

    /// <summary>As <see cref="ListAsync"/>, together with other reads.</summary>
    public static List<Post> List(SqlBatch batch, int[] ids) => batch.List(ByIds, Post.Read, [ids]);

    const string ByIds = $"""
        SELECT {Post.Columns}
        FROM {Post.From}
        WHERE p.id = ANY($1)
        ORDER BY p.topic_id, p.sort_order
        """;

    public async Task<List<Post>> RepliesAsync(int postId, int after, CancellationToken cancellation) => await database.ListAsync($"""
        SELECT {Post.Columns}
        FROM {Post.From}
        JOIN post_replies r ON r.reply_post_id = p.id
        WHERE r.post_id = $1 AND p.deleted_at IS NULL AND p.post_number > $2
        ORDER BY p.post_number
        LIMIT 20
        """, Post.Read, [postId, after], cancellation);

    /// <summary>The newest public posts with ids in the window of fifty below a number.</summary>
    public async Task<List<(Post Post, string Title, string FancyTitle, string Slug, int? CategoryId)>> LatestAsync(
        int before, int[] categories, bool messages, int userId, int[] groups, CancellationToken cancellation) => await database.ListAsync($"""
        SELECT {Post.Columns}, t.title, t.fancy_title, t.slug, t.category_id
        FROM {Post.From}
        JOIN topics t ON t.id = p.topic_id
        WHERE p.id <= $1 AND p.id > $1 - 50 AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND NOT p.hidden AND p.post_type = 1 AND t.visible
            AND CASE WHEN $3 THEN t.archetype = 'private_message' AND (EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $4)
                    OR EXISTS (SELECT FROM topic_allowed_groups a WHERE a.topic_id = t.id AND a.group_id = ANY($5)))
                ELSE t.archetype <> 'private_message' AND t.category_id = ANY($2) END
        ORDER BY p.created_at DESC, p.id DESC
        """, row => (Post.Read(row), row.Text(48), row.TextOrNull(49) ?? row.Text(48), row.TextOrNull(50) ?? "topic", row.IntOrNull(51)),
        [before, categories, messages, userId, groups], cancellation);

    public async Task<int> NewestIdAsync(CancellationToken cancellation) => await database.ScalarAsync<int>("SELECT max(id) FROM posts", [], cancellation);

    const string MarksOf = """
        SELECT post_id, post_action_type_id, created_at, NULL::bigint, NULL::varchar, NULL::timestamp, NULL::int
        FROM post_actions
        WHERE user_id = $1 AND post_id = ANY($2) AND deleted_at IS NULL
        UNION ALL
        SELECT bookmarkable_id, 0, created_at, id, name, reminder_at, auto_delete_preference
        FROM bookmarks
        WHERE user_id = $1 AND bookmarkable_type = 'Post' AND bookmarkable_id = ANY($2)
        """;

    static PostMark ReadMark(NpgsqlDataReader row) =>
        new PostMark(row.Int(0), row.Int(1), row.Time(2), row.LongOrNull(3), row.TextOrNull(4), row.TimeOrNull(5), row.IntOrNull(6));

    /// <summary>As <see cref="MarksAsync"/>, together with other reads.</summary>
    public static List<PostMark> Marks(SqlBatch batch, int userId, int[] ids) => userId == 0 || ids.Length == 0 ? [] : batch.List(MarksOf, ReadMark, [userId, ids]);

    /// <summary>The reader's likes, flags and bookmarks on posts.</summary>
    public async Task<PostMarks> MarksAsync(int userId, int[] ids, CancellationToken cancellation)
    {
        if (userId == 0 || ids.Length == 0)
            return PostMarks.None;
        var rows = await database.ListAsync(MarksOf, ReadMark, [userId, ids], cancellation);
        return new PostMarks(rows.ToLookup(mark => mark.PostId));
    }
}

/// <param name="Type">The type of post action; 0 for a bookmark.</param>
sealed record PostMark(int PostId, int Type, DateTime CreatedAt, long? BookmarkId, string? BookmarkName, DateTime? ReminderAt, int? AutoDelete);

sealed class PostMarks(ILookup<int, PostMark> marks)
{
    public static readonly PostMarks None = new(Array.Empty<PostMark>().ToLookup(mark => mark.PostId));

    public PostMark? Action(int postId, int type) => marks[postId].FirstOrDefault(mark => mark.Type == type);

    public PostMark? Bookmark(int postId) => Action(postId, 0);
}
