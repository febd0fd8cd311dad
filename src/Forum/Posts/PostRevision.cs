using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Moderation;
using Forum.Notifications;
using Forum.Tags;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>A change of a post or of its topic. What is null stays.</summary>
sealed record Revision
{
    public string? Raw { get; init; }

    public string? EditReason { get; init; }

    public string? Title { get; init; }

    public int? CategoryId { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public bool BypassBump { get; init; }

    public bool SkipValidations { get; init; }
}

/// <summary>Edits posts, keeping what was before as numbered revisions.</summary>
sealed class PostRevision(ForumDatabase database, CookService cook, BaseUrl baseUrl, PostHiding hiding, ForumEvents events)
{
    public async Task ReviseAsync(Post post, Topic topic, Viewer viewer, Revision change, CancellationToken cancellation)
    {
        await using var transaction = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(transaction, topic, post, cancellation);
        await ReviseAsync(transaction, post, topic, viewer, change, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    async Task ReviseAsync(ForumTransaction sql, Post post, Topic topic, Viewer viewer, Revision change, CancellationToken cancellation)
    {
        var raw = change.Raw?.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd() ?? post.Raw;
        var title = change.Title is null ? topic.Title : Titles.Tidy(change.Title, viewer.Settings.Bool("title_prettify"));
        var category = change.CategoryId ?? topic.CategoryId;
        if (!change.SkipValidations)
        {
            Check(post, topic, viewer, raw, title);
            await CheckWordsAsync(sql, post, viewer, $"{change.Title} {raw}", cancellation);
        }

        var oldTags = topic.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal).ToArray();
        var tags = change.Tags is null ? null : await TagStore.ResolveAsync(sql, change.Tags, viewer.Categories.Find(category), viewer, cancellation, [.. topic.Tags.Select(tag => tag.Id)]);
        var newTags = tags?.Select(tag => tag.Name).Order(StringComparer.Ordinal).ToArray() ?? oldTags;
        var changes = new List<(string Name, string? Old, string? New)>();
        var cooked = new Cooked(post.Cooked, new CookReferences());
        if (raw != post.Raw)
        {
            cooked = await cook.CookAsync(sql, raw, topic.Id, post.Id, viewer, cancellation);
            if (!change.SkipValidations)
                PostLimits.Check(cooked, baseUrl.Host, viewer);
            changes.Add(("raw", post.Raw, raw));
            changes.Add(("cooked", post.Cooked, cooked.Html));
        }

        if (title != topic.Title)
            changes.Add(("title", topic.Title, title));
        if (category != topic.CategoryId)
            changes.Add(("category_id", Number(topic.CategoryId), Number(category)));
        if (!newTags.SequenceEqual(oldTags))
            changes.Add(("tags", Json(oldTags), Json(newTags)));
        if (changes.Count == 0)
            return;
        if (change.EditReason is { Length: > 0 } reason && reason != post.EditReason)
            changes.Add(("edit_reason", post.EditReason, reason));

        var kept = KeepsRevision(post, viewer, raw, changes);
        await StoreAsync(sql, post, viewer, change, raw, cooked.Html, changes, kept, cancellation);
        if (title != topic.Title || category != topic.CategoryId)
            await StoreTopicAsync(sql, topic, title, category, viewer, cancellation);
        if (tags is not null)
            await TagStore.SetAsync(sql, topic.Id, tags, viewer.Now, cancellation);
        if (category != topic.CategoryId)
        {
            await TagStore.CountOfTopicAsync(sql, topic, cancellation);
            await TopicCounters.RefreshCategoriesAsync(sql, [topic.CategoryId, category], cancellation);
        }

        if (kept && viewer.User.Id > 0)
            await sql.ExecuteAsync("UPDATE user_stats SET post_edits_count = coalesce(post_edits_count, 0) + 1 WHERE user_id = $1", [viewer.User.Id], cancellation);
        await PostIndex.UpdateAsync(sql, post.Id, cooked.Html, baseUrl.Host, viewer.Now, cancellation);
        if (raw != post.Raw && post.Hidden && viewer.User.Id == post.UserId)
            await ShowAgainAsync(sql, post, topic, viewer, cancellation);
        if (raw != post.Raw)
            await AfterTextAsync(sql, post, topic, viewer, change, cooked, raw, kept, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("revised", topic, post));
    }

    /// <summary>An author who mends a post that flags hid brings it back, if they took some time over it; once.</summary>
    async Task ShowAgainAsync(ForumTransaction sql, Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        if (await sql.ScalarAsync<bool>("SELECT hidden_reason_id = 1 AND hidden_at < $2 FROM posts WHERE id = $1",
            [post.Id, viewer.Now.AddMinutes(-viewer.Settings.Int("cooldown_minutes_after_hiding_posts"))], cancellation))
            await hiding.UnhideAsync(sql, post, topic, cancellation);
    }

    static async Task CheckWordsAsync(SqlSession sql, Post post, Viewer viewer, string text, CancellationToken cancellation)
    {
        if (viewer.User.IsStaff || text.Trim() == post.Raw.Trim())
            return;
        var words = await WatchedWordList.LoadAsync(sql, viewer.Settings, cancellation);
        if (words.Matches(WatchedAction.Block, text) is { Count: > 0 } blocked)
            throw Refused.Invalid($"Your post can't be posted because it contains a word that's not allowed: {string.Join(", ", blocked)}");
    }

    static void Check(Post post, Topic topic, Viewer viewer, string raw, string title)
    {
        var problems = new List<string>();
        if (title != topic.Title)
            problems.AddRange(PostRules.Title(title, topic.IsMessage, viewer.Settings));
        if (raw != post.Raw)
            problems.AddRange(PostRules.Body(raw, post.PostNumber == 1, topic.IsMessage, viewer.Settings));
        if (problems.Count > 0)
            throw Refused.Invalid([.. problems]);
    }

    /// <summary>A small change by the same author soon after the last is no revision of its own.</summary>
    static bool KeepsRevision(Post post, Viewer viewer, string raw, List<(string Name, string? Old, string? New)> changes)
    {
        if (changes.Any(change => change.Name == "edit_reason") || viewer.User.Id != (post.LastEditorId ?? post.UserId))
            return true;
        var grace = viewer.Settings.Int("editing_grace_period");
        var most = viewer.Settings.Int(viewer.User.TrustLevel >= 2 ? "editing_grace_period_max_diff_high_trust" : "editing_grace_period_max_diff");
        return viewer.Now - post.LastVersionAt > TimeSpan.FromSeconds(grace) || Math.Abs(raw.Length - post.Raw.Length) > most;
    }

    static async Task StoreAsync(SqlSession sql, Post post, Viewer viewer, Revision change, string raw, string cooked,
        List<(string Name, string? Old, string? New)> changes, bool kept, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE posts
            SET raw = $2, cooked = $3, word_count = $4, last_editor_id = $5, edit_reason = coalesce($6, edit_reason), baked_at = $7, updated_at = $7,
                version = version + CASE WHEN $8 THEN 1 ELSE 0 END, public_version = public_version + CASE WHEN $8 THEN 1 ELSE 0 END,
                last_version_at = CASE WHEN $8 THEN $7 ELSE last_version_at END, self_edits = self_edits + CASE WHEN user_id = $5 THEN 1 ELSE 0 END
            WHERE id = $1
            """,
            [post.Id, raw, cooked, raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, viewer.User.Id, change.EditReason, viewer.Now, kept], cancellation);
        if (kept)
        {
            await sql.ExecuteAsync("""
                INSERT INTO post_revisions (user_id, post_id, modifications, number, created_at, updated_at, hidden)
                VALUES ($1, $2, $3, $4, $5, $5, false)
                """, [viewer.User.Id, post.Id, Modifications.Format(changes), post.Version + 1, viewer.Now], cancellation);
        }
    }

    static Task<int> StoreTopicAsync(SqlSession sql, Topic topic, string title, int? category, Viewer viewer, CancellationToken cancellation) =>
        sql.ExecuteAsync("""
            UPDATE topics
            SET title = $2, fancy_title = $3, slug = $4, category_id = $5, updated_at = $6
            WHERE id = $1
            """, [topic.Id, title, Titles.Fancy(title), Titles.Slug(title, viewer.Settings.Text("slug_generation_method")), category, viewer.Now], cancellation);

    static async Task AfterTextAsync(SqlSession sql, Post post, Topic topic, Viewer viewer, Revision change, Cooked cooked, string raw, bool kept, CancellationToken cancellation)
    {
        await Polls.PollStore.SaveAsync(sql, post.Id, cooked.Html, viewer.Now, cancellation);
        await sql.ExecuteAsync("""
            UPDATE topics
            SET excerpt = CASE WHEN $2 = 1 THEN $3 ELSE excerpt END, word_count = greatest(coalesce(word_count, 0) + $4, 0),
                bumped_at = CASE WHEN $5 AND $2 = highest_post_number THEN $6 ELSE bumped_at END
            WHERE id = $1
            """,
            [
                topic.Id, post.PostNumber, post.PostNumber == 1 ? Excerpt.Of(cooked.Html, 220, emojiAsText: true) : "",
                raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length - post.Raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
                !change.BypassBump && kept && post.Type != PostType.Whisper, viewer.Now,
            ], cancellation);
        if (post.PostNumber == 1 && viewer.Categories.All.Any(category => category.TopicId == topic.Id))
            await DescribeAsync(sql, topic.Id, cooked.Html, cancellation);
        if (viewer.User.Id == post.UserId)
            return;
        await sql.ExecuteAsync("""
            INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
            VALUES (11, $1, $2, $3, $4, $5, $5)
            ON CONFLICT DO NOTHING
            """, [post.UserId, topic.Id, post.Id, viewer.User.Id, viewer.Now], cancellation);
        await Notifier.AddAsync(sql, [post.UserId], NotificationType.Edited, Notifier.DataOf(topic, post, viewer.User.Username), topic.Id, post.PostNumber, null, viewer.Now, cancellation);
    }

    /// <summary>A category's description is the first paragraph of its topic.</summary>
    static async Task DescribeAsync(SqlSession sql, int topicId, string cooked, CancellationToken cancellation)
    {
        var paragraph = Sanitizer.Parse(cooked).QuerySelector("p");
        await sql.ExecuteAsync("UPDATE categories SET description = $2 WHERE topic_id = $1", [topicId, paragraph is null ? null : HtmlText.Write(paragraph)], cancellation);
    }

    static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    static string Json(string[] tags) => "[" + string.Join(", ", tags.Select(tag => $"\"{tag}\"")) + "]";

    sealed record Row(int Number, int UserId, string Modifications, DateTime CreatedAt, bool Hidden, UserBrief User);

    static async Task<List<Row>> RowsAsync(SqlSession sql, int postId, CancellationToken cancellation) => await sql.ListAsync("""
        SELECT r.number, r.user_id, r.modifications, r.created_at, r.hidden, u.id, u.username, u.name, u.uploaded_avatar_id
        FROM post_revisions r
        LEFT JOIN users u ON u.id = r.user_id
        WHERE r.post_id = $1
        ORDER BY r.number
        """, row => new Row(row.Int(0), row.Int(1), row.TextOrNull(2) ?? "", row.Time(3), row.Bool(4), UserBrief.Read(row, 5)), [postId], cancellation);

    /// <param name="number">A number from 2, or "latest".</param>
    public async Task<JsonObject> ShowAsync(Post post, Topic topic, Viewer viewer, string number, string host, CancellationToken cancellation)
    {
        var rows = (await RowsAsync(database, post.Id, cancellation)).Where(row => !row.Hidden || viewer.User.IsStaff).ToList();
        var at = number == "latest" ? rows.Count - 1 : rows.FindIndex(row => Number(row.Number) == number);
        if (at < 0)
            throw Refused.NotFound();
        var row = rows[at];
        var changes = Modifications.Parse(row.Modifications);
        var json = new JsonObject
        {
            ["created_at"] = JsonParts.Time(row.CreatedAt),
            ["post_id"] = post.Id,
            ["previous_hidden"] = at > 0 && rows[at - 1].Hidden,
            ["current_hidden"] = row.Hidden,
            ["first_revision"] = rows[0].Number,
            ["previous_revision"] = at > 0 ? rows[at - 1].Number : null,
            ["current_revision"] = row.Number,
            ["next_revision"] = at + 1 < rows.Count ? rows[at + 1].Number : null,
            ["last_revision"] = rows[^1].Number,
            ["current_version"] = at + 2,
            ["version_count"] = rows.Count + 1,
            ["username"] = row.User.Username,
            ["display_username"] = row.User.Name ?? row.User.Username,
            ["acting_user_name"] = row.User.Name,
            ["avatar_template"] = Avatars.Template(row.User.Username, row.User.AvatarId, host),
            ["edit_reason"] = changes.TryGetValue("edit_reason", out var reason) ? reason.New : null,
            ["wiki"] = post.Wiki,
            ["can_edit"] = PostPermissions.CanEdit(viewer, topic, post),
        };
        if (changes.TryGetValue("raw", out var raw))
        {
            json["body_changes"] = new JsonObject
            {
                ["inline"] = TextDiff.Inline(raw.Old, raw.New),
                ["side_by_side"] = TextDiff.SideBySide(raw.Old, raw.New),
                ["side_by_side_markdown"] = TextDiff.SideBySide(raw.Old, raw.New),
            };
        }

        if (changes.TryGetValue("title", out var title))
            json["title_changes"] = new JsonObject { ["inline"] = TextDiff.Inline(title.Old, title.New), ["side_by_side"] = TextDiff.SideBySide(title.Old, title.New) };
        foreach (var name in (string[])["category_id", "tags", "wiki", "user_id", "post_type"])
        {
            if (changes.TryGetValue(name, out var pair))
                json[name + "_changes"] = new JsonObject { ["previous"] = pair.Old, ["current"] = pair.New };
        }

        return json;
    }

    /// <summary>Makes the post as it was before a revision, as a new revision.</summary>
    public async Task RevertAsync(Post post, Topic topic, Viewer viewer, int number, CancellationToken cancellation)
    {
        var row = (await RowsAsync(database, post.Id, cancellation)).Find(row => row.Number == number) ?? throw Refused.NotFound();
        var changes = Modifications.Parse(row.Modifications);
        await ReviseAsync(post, topic, viewer, new Revision
        {
            Raw = changes.TryGetValue("raw", out var raw) ? raw.Old : null,
            Title = post.PostNumber == 1 && changes.TryGetValue("title", out var title) ? title.Old : null,
            EditReason = string.Create(CultureInfo.InvariantCulture, $"reverted to version #{number - 1}"),
            SkipValidations = true,
        }, cancellation);
    }
}
