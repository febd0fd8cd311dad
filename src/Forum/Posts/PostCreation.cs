using Forum.Categories;
using Forum.Database;
using Forum.Markdown;
using Forum.Tags;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;
using Npgsql;

namespace Forum.Posts;

/// <summary>Writes topics, replies and messages, and keeps every counter that they change.</summary>
sealed class PostCreation(ForumDatabase database, CookService cook, BaseUrl baseUrl, ForumEvents events)
{
    public async Task<Post> CreateAsync(NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        if (viewer.User.IsAnonymous)
            throw Refused.NotLoggedIn();
        if (viewer.IsSilenced)
            throw Refused.InvalidAccess();
        await using var transaction = await database.BeginAsync(cancellation);
        Post made;
        try
        {
            made = await CreateAsync(transaction, post, viewer, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName?.Contains("external_id", StringComparison.Ordinal) == true)
        {
            throw Refused.Invalid("External has already been taken");
        }

        await transaction.CommitAsync(cancellation);
        return made;
    }

    /// <summary>In a transaction of the caller's.</summary>
    public async Task<Post> CreateAsync(ForumTransaction sql, NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        var topic = post.TopicId is { } id
            ? await ReplyTargetAsync(sql, post, id, viewer, cancellation)
            : await AddTopicAsync(sql, post, viewer, cancellation);
        var made = await AddPostAsync(sql, post, topic, viewer, cancellation);
        sql.AfterCommit(() => events.PostCreatedAsync(topic, made));
        return made;
    }

    /// <summary>Refuses what could not be created, and writes nothing.</summary>
    public static async Task CheckAsync(SqlSession sql, NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        if (post.TopicId is { } id)
        {
            await ReplyTargetAsync(sql, post, id, viewer, cancellation);
            return;
        }

        var category = CategoryOf(post, viewer);
        await CheckTopicAsync(sql, post, viewer, cancellation);
        await TagStore.ResolveAsync(sql, post.Tags, category, viewer, cancellation);
    }

    static async Task<Topic> ReplyTargetAsync(SqlSession sql, NewPost post, int id, Viewer viewer, CancellationToken cancellation)
    {
        var topic = await TopicStore.FindAsync(sql, id, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        if (post.Type is PostType.Regular or PostType.Whisper && !post.SkipPermissions && !TopicPermissions.CanReply(viewer, topic) && viewer.User.Id > 0)
            throw Refused.InvalidAccess();
        if (post.SkipValidations)
            return topic;
        Check(PostRules.Body(post.Raw, isFirst: false, topic.IsMessage, viewer.Settings));
        if (topic.SlowModeSeconds > 0 && !viewer.User.IsStaff && await LastPostAsync(sql, topic.Id, viewer.User.Id, cancellation) is { } last &&
            last.AddSeconds(topic.SlowModeSeconds) > viewer.Now)
            throw Refused.Invalid("Body cannot be posted yet: the topic is in slow mode");
        await CheckUniqueAsync(sql, post.Raw, viewer, cancellation);
        await PostLimits.CheckRepliesAsync(sql, topic, viewer, cancellation);
        return topic;
    }

    static async Task<DateTime?> LastPostAsync(SqlSession sql, int topicId, int userId, CancellationToken cancellation) => await sql.FindAsync("""
        SELECT last_posted_at
        FROM topic_users
        WHERE topic_id = $1 AND user_id = $2
        """, row => row.TimeOrNull(0), [topicId, userId], cancellation);

    static void Check(IEnumerable<string> problems)
    {
        var all = problems.ToArray();
        if (all.Length > 0)
            throw Refused.Invalid(all);
    }

    static async Task CheckUniqueAsync(SqlSession sql, string raw, Viewer viewer, CancellationToken cancellation)
    {
        var minutes = viewer.Settings.Int("unique_posts_mins");
        if (minutes <= 0 || viewer.User.IsStaff)
            return;
        var repeated = await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM posts WHERE user_id = $1 AND created_at > $2 AND raw = $3 AND deleted_at IS NULL)
            """, [viewer.User.Id, viewer.Now.AddMinutes(-minutes), raw.Trim()], cancellation);
        if (repeated)
            throw Refused.Invalid("Body is too similar to what you recently posted");
    }

    static async Task<Topic> AddTopicAsync(ForumTransaction sql, NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        var category = post.IsMessage ? null : CategoryOf(post, viewer);
        if (!post.SkipValidations)
            await CheckTopicAsync(sql, post, viewer, cancellation);
        var people = post.IsMessage ? await MessageRecipients.ResolveAsync(sql, post.Recipients, viewer, cancellation) : null;
        var title = Titles.Tidy(post.Title ?? "", viewer.Settings.Bool("title_prettify"));
        var now = post.CreatedAt ?? viewer.Now;
        var tags = post.IsMessage && post.Tags.Count == 0 ? [] : await TagStore.ResolveAsync(sql, post.Tags, category, viewer, cancellation);
        var id = await sql.ScalarAsync<int>("""
            INSERT INTO topics (title, fancy_title, slug, user_id, last_post_user_id, category_id, archetype, subtype, visible, external_id, featured_link,
                bumped_at, last_posted_at, created_at, updated_at, slow_mode_seconds)
            VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $12, $13)
            RETURNING id
            """,
            [
                title, Titles.Fancy(title), Titles.Slug(title, viewer.Settings.Text("slug_generation_method")), viewer.User.Id, category?.Id,
                post.IsMessage ? "private_message" : "regular", post.IsMessage ? post.IsWarning ? "moderator_warning" : post.Subtype ?? "user_to_user" : null,
                post.Visible, post.ExternalId, post.FeaturedLink, now, viewer.Now, category?.DefaultSlowModeSeconds ?? 0,
            ], cancellation);
        if (people is not null)
            await MessageRecipients.AllowAsync(sql, id, people, viewer, cancellation);
        foreach (var name in post.AddedTags.Where(name => tags.All(tag => !tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
            tags.Add(await TagStore.AddAsync(sql, name, viewer.Now, cancellation));
        if (tags.Count > 0)
            await TagStore.SetAsync(sql, id, tags, viewer.Now, cancellation);
        if (category?.AutoCloseHours is > 0 and var hours)
        {
            await TopicTimers.SetAsync(sql, id, TopicTimerType.Close, now.AddHours(hours), -1, viewer.Now, cancellation, (int)(hours * 60), category.AutoCloseBasedOnLastPost);
        }

        return (await TopicStore.FindAsync(sql, id, viewer.User.Id, cancellation))!;
    }

    static async Task CheckTopicAsync(SqlSession sql, NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        Check([.. PostRules.Title(post.Title, post.IsMessage, viewer.Settings), .. PostRules.Body(post.Raw, isFirst: true, post.IsMessage, viewer.Settings)]);
        if (post.IsMessage)
            return;
        await CheckTitleIsNewAsync(sql, post.Title!, viewer, cancellation);
        await CheckUniqueAsync(sql, post.Raw, viewer, cancellation);
    }

    static Category CategoryOf(NewPost post, Viewer viewer)
    {
        var id = post.CategoryId ?? viewer.Settings.Int("uncategorized_category_id");
        var category = viewer.Categories.Find(id);
        if (category is null || !CategoryPermissions.CanSee(viewer.User, category))
            throw post.CategoryId is null ? Refused.InvalidAccess() : Refused.Invalid("Category is not known");
        if (!post.SkipPermissions && !TopicPermissions.CanCreateIn(viewer, category) && viewer.User.Id > 0)
            throw Refused.InvalidAccess();
        return category;
    }

    static async Task CheckTitleIsNewAsync(SqlSession sql, string title, Viewer viewer, CancellationToken cancellation)
    {
        if (viewer.Settings.Bool("allow_duplicate_topic_titles"))
            return;
        if (await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM topics WHERE lower(title) = lower($1) AND deleted_at IS NULL AND archetype <> 'private_message')
            """, [Titles.Tidy(title, viewer.Settings.Bool("title_prettify"))], cancellation))
            throw Refused.Invalid("Title has already been used");
    }

    async Task<Post> AddPostAsync(ForumTransaction sql, NewPost post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var raw = post.Raw.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
        var now = post.CreatedAt ?? viewer.Now;

        // The row of the topic is the lock under which numbers are given out; those of deleted posts are not given again.
        var (number, same) = await sql.FindAsync("""
            UPDATE topics
            SET highest_staff_post_number = greatest(highest_staff_post_number, (SELECT max(post_number) FROM posts WHERE topic_id = $1)) + 1
            WHERE id = $1
            RETURNING highest_staff_post_number, category_id IS NOT DISTINCT FROM $2 AND visible = $3 AND (deleted_at IS NOT NULL) = $4 AND archetype = $5 AND closed = $6
            """, row => (row.Int(0), row.Bool(1)), [topic.Id, topic.CategoryId, topic.Visible, topic.IsDeleted, topic.Archetype, topic.Closed], cancellation);
        if (!same)
            throw new ChangedMeanwhileException();
        var replyTo = post.ReplyToPostNumber is { } wanted && wanted != number ? await PostOfNumberAsync(sql, topic.Id, wanted, cancellation) : null;
        var id = await sql.ScalarAsync<int>("""
            INSERT INTO posts (user_id, topic_id, post_number, sort_order, raw, cooked, post_type, reply_to_post_number, reply_to_user_id, last_editor_id,
                word_count, wiki, action_code, baked_at, baked_version, last_version_at, created_at, updated_at, score, reads)
            VALUES ($1, $2, $3, $3, $4, '', $5, $6, $7, $1, $8, $9, $10, $11, 2, $12, $12, $11, 0, 0)
            RETURNING id
            """,
            [
                viewer.User.Id, topic.Id, number, raw, (int)post.Type, replyTo?.PostNumber, replyTo?.UserId, Words(raw),
                viewer.Categories.Find(topic.CategoryId)?.AllTopicsWiki == true && number == 1, post.ActionCode, viewer.Now, now,
            ], cancellation);
        var cooked = raw.Length == 0 ? new Cooked("", new CookReferences()) : await cook.CookAsync(sql, raw, topic.Id, id, viewer, cancellation);
        if (!post.SkipValidations)
            PostLimits.Check(cooked, baseUrl.Host, viewer);
        await sql.WriteAsync("UPDATE posts SET cooked = $2 WHERE id = $1", [id, cooked.Html], cancellation);
        if (post.ActionCodeWho is { } who)
            await sql.WriteAsync("INSERT INTO post_custom_fields (post_id, name, value, created_at, updated_at) VALUES ($1, 'action_code_who', $2, $3, $3)", [id, who, viewer.Now], cancellation);

        await RepliesAsync(sql, id, replyTo?.Id, cooked.References, topic, viewer.Now, cancellation);
        await CountAsync(sql, post, topic, id, number, cooked.Html, Words(raw), now, viewer, cancellation);
        if (post.Type != PostType.SmallAction)
        {
            await PostIndex.UpdateAsync(sql, id, cooked.Html, baseUrl.Host, viewer.Now, cancellation);
            await Polls.PollStore.SaveAsync(sql, id, cooked.Html, viewer.Now, cancellation);
            await AuthorAsync(sql, post, topic, id, number, now, viewer, cancellation);
        }

        var made = (await PostStore.FindAsync(sql, id, cancellation))!;
        var target = (await TopicStore.FindAsync(sql, topic.Id, viewer.User.Id, cancellation))!;
        if (!post.Silent && post.Type != PostType.SmallAction)
            await PostNotifications.SendAsync(sql, viewer, target, made, cooked.References, cancellation);
        return made;
    }

    static int Words(string raw) => raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    static async Task<(int Id, int PostNumber, int? UserId)?> PostOfNumberAsync(SqlSession sql, int topicId, int number, CancellationToken cancellation) =>
        await sql.FindAsync("""
            SELECT id, post_number, user_id
            FROM posts
            WHERE topic_id = $1 AND post_number = $2 AND deleted_at IS NULL
            """, row => ((int, int, int?)?)(row.Int(0), row.Int(1), row.IntOrNull(2)), [topicId, number], cancellation);

    /// <summary>Records which posts this one answers, explicitly or by quoting.</summary>
    static async Task RepliesAsync(SqlSession sql, int id, int? replyTo, CookReferences references, Topic topic, DateTime now, CancellationToken cancellation)
    {
        var quotes = references.Quotes.Where(quote => quote.PostNumber is not null && (quote.TopicId ?? topic.Id) < int.MaxValue).ToArray();
        if (replyTo is null && quotes.Length == 0)
            return;
        await sql.WriteAsync("""
            WITH quoted AS (
                SELECT DISTINCT p.id, p.topic_id
                FROM unnest($3::int[], $4::int[]) AS q (topic_id, post_number)
                JOIN posts p ON p.topic_id = q.topic_id AND p.post_number = q.post_number AND p.deleted_at IS NULL
                WHERE p.id <> $1
            ), noted AS (
                INSERT INTO quoted_posts (post_id, quoted_post_id, created_at, updated_at) SELECT $1, id, $5, $5 FROM quoted ON CONFLICT DO NOTHING
            ), counted AS (
                UPDATE posts SET quote_count = quote_count + 1 WHERE id IN (SELECT id FROM quoted)
            ), replied AS (
                INSERT INTO post_replies (post_id, reply_post_id, created_at, updated_at)
                SELECT x.id, $1, $5, $5
                FROM (SELECT id FROM quoted WHERE topic_id = $6 UNION SELECT $2::int WHERE $2::int IS NOT NULL) x
                ON CONFLICT DO NOTHING
                RETURNING post_id
            )
            UPDATE posts
            SET reply_quoted = $2::int IS NOT NULL AND EXISTS (SELECT FROM quoted WHERE id = $2::int)
            WHERE id = $1
            """,
            [id, replyTo, quotes.Select(quote => (int)(quote.TopicId ?? topic.Id)).ToArray(), quotes.Select(quote => quote.PostNumber!.Value).ToArray(), now, topic.Id],
            cancellation);
        await TopicCounters.RefreshRepliesAsync(sql, id, cancellation);
    }

    /// <summary>The sums of topic and category, by adding: a reply costs the same in a topic of ten posts and of ten thousand.</summary>
    static async Task CountAsync(SqlSession sql, NewPost post, Topic topic, int id, int number, string cooked, int words, DateTime now, Viewer viewer, CancellationToken cancellation)
    {
        var whisper = post.Type == PostType.Whisper;
        var counts = !whisper && !(topic.IsMessage && post.Type == PostType.SmallAction);
        var speaks = post.Type is PostType.Regular or PostType.ModeratorAction;
        var bumps = speaks && !post.NoBump && number > 1;
        await sql.WriteAsync("""
            UPDATE topics t
            SET posts_count = posts_count + CASE WHEN $3 THEN 1 ELSE 0 END,
                highest_post_number = CASE WHEN $3 THEN greatest(highest_post_number, $4) ELSE highest_post_number END,
                word_count = coalesce(word_count, 0) + CASE WHEN $5 THEN $6 ELSE 0 END,
                reply_count = reply_count + CASE WHEN $3 AND (SELECT p.reply_to_post_number FROM posts p WHERE p.id = $2) IS NOT NULL THEN 1 ELSE 0 END,
                moderator_posts_count = moderator_posts_count + CASE WHEN $10 = 2 THEN 1 ELSE 0 END,
                participant_count = coalesce(participant_count, 1) + CASE WHEN $5 AND $4 > 1 AND t.user_id <> $7
                    AND NOT EXISTS (SELECT FROM posts p WHERE p.topic_id = t.id AND p.user_id = $7 AND p.id <> $2 AND p.deleted_at IS NULL) THEN 1 ELSE 0 END,
                featured_user1_id = CASE WHEN f.shift THEN t.last_post_user_id ELSE featured_user1_id END,
                featured_user2_id = CASE WHEN f.shift THEN featured_user1_id ELSE featured_user2_id END,
                featured_user3_id = CASE WHEN f.shift THEN featured_user2_id ELSE featured_user3_id END,
                featured_user4_id = CASE WHEN f.shift THEN featured_user3_id ELSE featured_user4_id END,
                last_posted_at = CASE WHEN $5 THEN $8 ELSE last_posted_at END,
                last_post_user_id = CASE WHEN $5 THEN $7 ELSE last_post_user_id END,
                bumped_at = CASE WHEN $9 THEN greatest($8, bumped_at) ELSE bumped_at END,
                excerpt = CASE WHEN $4 = 1 THEN $11 ELSE excerpt END,
                updated_at = $12
            FROM (
                SELECT $5 AND o.last_post_user_id <> $7 AND o.last_post_user_id <> coalesce(o.user_id, 0)
                    AND o.last_post_user_id NOT IN (coalesce(o.featured_user1_id, 0), coalesce(o.featured_user2_id, 0), coalesce(o.featured_user3_id, 0), coalesce(o.featured_user4_id, 0)) AS shift
                FROM topics o WHERE o.id = $1
            ) f
            WHERE t.id = $1
            """,
            [
                topic.Id, id, counts, number, speaks, words, viewer.User.Id, now, bumps, (int)post.Type,
                number == 1 ? Excerpt.Of(cooked, 220, emojiAsText: true) : "", viewer.Now,
            ], cancellation);
        if (topic.CategoryId is not { } category || !speaks || !topic.Visible)
            return;
        await sql.WriteAsync("""
            UPDATE categories
            SET topic_count = topic_count + CASE WHEN $2 = 1 THEN 1 ELSE 0 END, post_count = post_count + CASE WHEN $2 > 1 THEN 1 ELSE 0 END,
                topics_day = coalesce(topics_day, 0) + CASE WHEN $2 = 1 THEN 1 ELSE 0 END, topics_week = coalesce(topics_week, 0) + CASE WHEN $2 = 1 THEN 1 ELSE 0 END,
                topics_month = coalesce(topics_month, 0) + CASE WHEN $2 = 1 THEN 1 ELSE 0 END, topics_year = coalesce(topics_year, 0) + CASE WHEN $2 = 1 THEN 1 ELSE 0 END,
                posts_day = coalesce(posts_day, 0) + CASE WHEN $2 > 1 THEN 1 ELSE 0 END, posts_week = coalesce(posts_week, 0) + CASE WHEN $2 > 1 THEN 1 ELSE 0 END,
                posts_month = coalesce(posts_month, 0) + CASE WHEN $2 > 1 THEN 1 ELSE 0 END, posts_year = coalesce(posts_year, 0) + CASE WHEN $2 > 1 THEN 1 ELSE 0 END,
                latest_post_id = $3, latest_topic_id = CASE WHEN $2 = 1 THEN $4 ELSE latest_topic_id END
            WHERE id = $1 AND coalesce(topic_id, 0) <> $4
            """, [category, number, id, topic.Id], cancellation);
    }

    /// <summary>What the author's own rows say: posted, read so far, listening, counted.</summary>
    static async Task AuthorAsync(SqlSession sql, NewPost post, Topic topic, int id, int number, DateTime now, Viewer viewer, CancellationToken cancellation)
    {
        var user = viewer.User.Id;
        int? level = number == 1 || topic.IsMessage ? 3 : null;
        await sql.WriteAsync("""
            INSERT INTO topic_users AS tu (user_id, topic_id, posted, last_read_post_number, last_visited_at, first_visited_at, notification_level,
                notifications_reason_id, notifications_changed_at, last_posted_at)
            VALUES ($1, $2, true, $3, $4, $4, CASE WHEN $6 THEN coalesce($5::int, (SELECT notification_level_when_replying FROM user_options WHERE user_id = $1), 2) ELSE 1 END, $7, $4, $4)
            ON CONFLICT (user_id, topic_id) DO UPDATE
            SET posted = true, last_read_post_number = greatest(tu.last_read_post_number, $3), last_posted_at = $4,
                notification_level = CASE WHEN tu.notification_level = 1 AND tu.notifications_reason_id IS DISTINCT FROM 2 AND $6
                    THEN greatest(EXCLUDED.notification_level, 1) ELSE tu.notification_level END,
                notifications_reason_id = CASE WHEN tu.notification_level = 1 AND tu.notifications_reason_id IS DISTINCT FROM 2 AND $6
                    THEN $7 ELSE tu.notifications_reason_id END
            """, [user, topic.Id, number, now, level, post.AutoTrack, number == 1 ? 1 : 4], cancellation);
        await sql.WriteAsync("UPDATE users SET last_posted_at = greatest(last_posted_at, $2) WHERE id = $1", [user, now], cancellation);
        var draftKey = post.DraftKey ?? (number > 1 ? $"topic_{topic.Id}" : topic.IsMessage ? "new_private_message" : "new_topic");
        await sql.WriteAsync("""
            INSERT INTO draft_sequences (user_id, draft_key, sequence)
            VALUES ($1, $2, 1)
            ON CONFLICT (user_id, draft_key) DO UPDATE SET sequence = draft_sequences.sequence + 1
            """, [user, draftKey], cancellation);
        await sql.WriteAsync("""
            WITH written AS (DELETE FROM drafts WHERE user_id = $1 AND draft_key = $5 RETURNING id)
            UPDATE user_stats
            SET topic_count = topic_count + CASE WHEN $2 AND $3 THEN 1 ELSE 0 END, post_count = post_count + CASE WHEN $2 AND NOT $3 THEN 1 ELSE 0 END,
                first_post_created_at = CASE WHEN $2 THEN coalesce(first_post_created_at, $4) ELSE first_post_created_at END,
                draft_count = greatest(draft_count - (SELECT count(*) FROM written), 0)
            WHERE user_id = $1
            """, [user, !topic.IsMessage && topic.Visible && post.Type == PostType.Regular, number == 1, now, draftKey], cancellation);

        // NEW_TOPIC 4 and NEW_PRIVATE_MESSAGE 12 name no post, REPLY 5 does; each recipient GOT_PRIVATE_MESSAGE 13.
        var action = number > 1 ? 5 : topic.IsMessage ? 12 : 4;
        await sql.WriteAsync("""
            INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
            SELECT $2, $1, $3, $4, $1, $5, $5
            UNION ALL
            SELECT 13, r.id, $3, -1, $1, $5, $5 FROM unnest($6::int[]) AS r (id) WHERE r.id <> $1
            ON CONFLICT DO NOTHING
            """, [user, action, topic.Id, number > 1 ? id : -1, now, number == 1 && topic.IsMessage ? topic.AllowedUserIds.ToArray() : []], cancellation);
        if (number > 1)
            await Bookmarks.BookmarkCounts.AnsweredAsync(sql, user, topic.Id, viewer.Now, cancellation);
    }
}
