using Forum.Database;
using Forum.Markdown;
using Forum.MemberDirectory;
using Forum.Topics;
using Npgsql;

namespace ForumBench.Generating;

/// <summary>Fills a migrated database with a forum of a given size: COPY for what chance decides, SQL over sets for what follows from it.</summary>
static class GeneratedForum
{
    /// <summary>Tables that get many rows; their indices are made at the end.</summary>
    static readonly string[] Large =
    [
        "posts", "topics", "post_actions", "post_replies", "post_timings", "topic_users", "topic_views", "notifications", "user_actions", "post_search_data", "topic_search_data",
    ];

    static readonly string[] Numbered =
    [
        "users", "groups", "categories", "tags", "topics", "posts", "post_actions",
    ];

    /// <exception cref="InvalidOperationException">The database holds a forum already.</exception>
    public static async Task FillAsync(NpgsqlDataSource source, ForumSize size, Action<string> say, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var members = await TableLoad.NumberAsync(connection, "SELECT count(*) FROM users WHERE id > 0", cancellation);
        if (members > 0)
        {
            throw new InvalidOperationException($"cannot fill the database \"{connection.Database}\": it has {members} members already; make a new one and migrate it");
        }

        await TableLoad.RunAsync(connection, "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '128MB'", cancellation);
        var random = new Random(size.Seed);
        var now = DateTime.UtcNow;
        var prose = new Prose(random);
        say("Wrote the text");
        await UsersAsync(connection, size, random, prose, now, cancellation);
        var categories = await CategoriesAsync(connection, cancellation);
        var firstTag = await TagsAsync(connection, size, prose, now, cancellation);
        var plan = new Plan(
            size, random, prose, FirstUser, 1 + await TableLoad.NumberAsync(connection, "SELECT max(id) FROM topics", cancellation),
            1 + await TableLoad.NumberAsync(connection, "SELECT max(id) FROM posts", cancellation), categories, firstTag, now);
        say($"Planned {plan.Topics.Count} topics and {plan.Posts.Count} posts");

        var indices = await TableLoad.DropIndicesAsync(connection, Large, cancellation);
        await ContentAsync(connection, random, plan, prose, cancellation);
        say("Copied users, topics, posts and likes");
        // What the statements below look rows up by.
        foreach (var index in indices.Where(IsNeededSoon).ToArray())
        {
            await TableLoad.RunAsync(connection, index, cancellation);
            indices.Remove(index);
        }

        await TableLoad.RunAsync(connection, "ANALYZE", cancellation);
        foreach (var statement in Statements())
        {
            await TableLoad.RunAsync(connection, statement, cancellation);
        }

        foreach (var table in Numbered)
        {
            await TableLoad.RunAsync(connection, $"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))", cancellation);
        }

        say("Counted and indexed the words");
        await RebuildAsync(source, indices, cancellation);
        await TableLoad.RunAsync(connection, "VACUUM ANALYZE", cancellation);
        say("Made the indices");
        foreach (var job in RefreshDirectory.All(new ForumDatabase(source), TimeProvider.System))
        {
            await job.RunAsync(cancellation);
        }

        say("Refreshed the directory of members");
    }

    /// <summary>The id of the first generated member, an admin.</summary>
    public const int FirstUser = 1;

    static bool IsNeededSoon(string definition) => definition.Contains("index_topic_users_on_user_id_and_topic_id ", StringComparison.Ordinal)
        || definition.Contains("index_posts_on_topic_id_and_post_number ", StringComparison.Ordinal);

    static string[] Statements()
    {
        using var stream = typeof(GeneratedForum).Assembly.GetManifestResourceStream("derived.sql")!;
        return new StreamReader(stream).ReadToEnd().Split(";\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>As many at a time as the machine has processors.</summary>
    static Task RebuildAsync(NpgsqlDataSource source, List<string> indices, CancellationToken cancellation) => Parallel.ForEachAsync(
        indices, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, async (index, stop) =>
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await TableLoad.RunAsync(connection, "SET maintenance_work_mem = '128MB'", stop);
            await TableLoad.RunAsync(connection, index, stop);
        });

    static Task UsersAsync(NpgsqlConnection connection, ForumSize size, Random random, Prose prose, DateTime now, CancellationToken cancellation) => TableLoad.CopyAsync(
        connection, "users", "id, username, username_lower, name, created_at, updated_at, active, approved, admin, moderator, trust_level",
        Enumerable.Range(0, size.Users).Select(at =>
        {
            var name = $"{prose.Name()}_{at + 1}";
            var joined = now.AddDays(-size.Days - random.Next(100));
            return (object?[])
            [
                FirstUser + at, name, name, random.Next(3) == 0 ? null : $"{Capital(prose.Name())} {Capital(prose.Name())}", joined, joined, true, true,
                at == 0, at is > 0 and < 5, at < 5 ? 4 : Math.Min(4, (int)(5 * Math.Pow(random.NextDouble(), 2))),
            ];
        }), cancellation);

    static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>Fifteen public ones with five below them, one that everyone may only read, one for a group.</summary>
    /// <returns>Their ids, the busiest first.</returns>
    static async Task<int[]> CategoriesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await TableLoad.RunAsync(connection, """
            INSERT INTO categories (name, name_lower, slug, color, text_color, user_id, position, description, read_restricted, parent_category_id, created_at, updated_at)
            SELECT 'Area ' || n, 'area ' || n, 'area-' || n, '0088CC', 'FFFFFF', -1, 10 + n, 'Everything about area ' || n, n = 22, CASE WHEN n BETWEEN 16 AND 20 THEN n - 15 + 4 END, now(), now()
            FROM generate_series(1, 22) AS n;
            INSERT INTO groups (name, full_name, visibility_level, created_at, updated_at) VALUES ('insiders', 'Insiders', 0, now(), now());
            INSERT INTO group_users (group_id, user_id, created_at, updated_at) SELECT g.id, u.id, now(), now() FROM groups g, users u WHERE g.name = 'insiders' AND u.id BETWEEN 1 AND 60;
            INSERT INTO category_groups (category_id, group_id, permission_type, created_at, updated_at)
            SELECT c.id, 0, 3, now(), now() FROM categories c WHERE c.slug = 'area-21'
            UNION ALL SELECT c.id, 3, 1, now(), now() FROM categories c WHERE c.slug = 'area-21'
            UNION ALL SELECT c.id, g.id, 1, now(), now() FROM categories c, groups g WHERE c.slug = 'area-22' AND g.name = 'insiders';
            INSERT INTO category_settings (category_id, created_at, updated_at) SELECT id, now(), now() FROM categories c WHERE NOT EXISTS (SELECT FROM category_settings s WHERE s.category_id = c.id)
            """, cancellation);
        await using var command = new NpgsqlCommand("SELECT array_agg(id ORDER BY id) FROM categories WHERE slug LIKE 'area-%'", connection);
        return (int[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    static async Task<int> TagsAsync(NpgsqlConnection connection, ForumSize size, Prose prose, DateTime now, CancellationToken cancellation)
    {
        var first = 1 + await TableLoad.NumberAsync(connection, "SELECT coalesce(max(id), 0) FROM tags", cancellation);
        await TableLoad.CopyAsync(connection, "tags", "id, name, created_at, updated_at",
            Enumerable.Range(0, size.Tags).Select(at => (object?[])[first + at, $"{prose.Name()}-{at + 1}", now, now]), cancellation);
        return first;
    }

    static async Task ContentAsync(NpgsqlConnection connection, Random random, Plan plan, Prose prose, CancellationToken cancellation)
    {
        await TableLoad.CopyAsync(connection, "topics",
            "id, title, fancy_title, slug, created_at, updated_at, bumped_at, views, user_id, last_post_user_id, category_id, archetype, subtype, closed, excerpt",
            plan.Topics.Select(topic => (object?[])
            [
                topic.Id, topic.Title, Titles.Fancy(topic.Title), Titles.Slug(topic.Title, "ascii"), topic.At, topic.At, topic.At, random.Next(10, 5_000),
                topic.Posts[0].User, topic.Posts[0].User, topic.Category, topic.Category is null ? "private_message" : "regular", topic.Category is null ? "user_to_user" : null,
                topic.IsClosed, Excerpt.Of(Cooked(prose, topic.Posts[0]), 220, emojiAsText: true),
            ]), cancellation);
        await TableLoad.CopyAsync(connection, "posts", """
            id, user_id, topic_id, post_number, sort_order, raw, cooked, created_at, updated_at, last_version_at, baked_at, baked_version, reply_to_post_number, reply_to_user_id,
            reply_count, like_count, like_score, reads, score, word_count, last_editor_id
            """,
            plan.Posts.Select(post => (object?[])
            [
                post.Id, post.User, post.Topic, post.Number, post.Number, string.Join("\n\n", post.Text.Select(at => prose.All[at].Raw)), Cooked(prose, post), post.At, post.At, post.At,
                post.At, 2, post.ReplyTo?.Number, post.ReplyTo?.User, post.Replies, post.Likes, post.Likes, post.Reads,
                post.Replies * 5.0 + post.Likes * 15.0 + post.Reads * 0.2,
                post.Text.Sum(at => prose.All[at].Words), post.User,
            ]), cancellation);
        await TableLoad.RunAsync(connection, "CREATE TABLE paragraphs (id integer, plain text); CREATE TABLE post_paragraphs (post_id integer, topic_id integer, parts integer[])", cancellation);
        await TableLoad.CopyAsync(connection, "paragraphs", "id, plain", prose.All.Select((paragraph, at) => (object?[])[at, paragraph.Plain]), cancellation);
        await TableLoad.CopyAsync(connection, "post_paragraphs", "post_id, topic_id, parts", plan.Posts.Select(post => (object?[])[post.Id, post.Topic, post.Text]), cancellation);
        await TableLoad.CopyAsync(connection, "topic_tags", "topic_id, tag_id, created_at, updated_at",
            plan.Topics.SelectMany(topic => topic.Tags.Select(tag => (object?[])[topic.Id, tag, topic.At, topic.At])), cancellation);
        await TableLoad.CopyAsync(connection, "topic_allowed_users", "topic_id, user_id, created_at, updated_at",
            plan.Topics.SelectMany(topic => topic.People.Select(user => (object?[])[topic.Id, user, topic.At, topic.At])), cancellation);
        await TableLoad.CopyAsync(connection, "post_actions", "post_id, user_id, post_action_type_id, created_at, updated_at",
            plan.Likes.Select(like => (object?[])[like.Post.Id, like.User, 2, like.At, like.At]), cancellation);
        await TableLoad.CopyAsync(connection, "post_timings", "topic_id, post_number, user_id, msecs", plan.Readings.Select(reading => (object?[])[reading.Post.Topic, reading.Post.Number, reading.User, reading.Milliseconds]), cancellation);
    }

    static string Cooked(Prose prose, PlannedPost post) => string.Join('\n', post.Text.Select(at => prose.All[at].Cooked));
}
