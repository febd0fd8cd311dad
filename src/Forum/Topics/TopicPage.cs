using Forum.Database;
using Forum.Lists;
using Forum.Polls;
using Forum.Posts;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>How a topic is asked for.</summary>
sealed record TopicRequest(int TopicId)
{
    /// <summary>1-based; 20 posts each.</summary>
    public int? Page { get; init; }

    public int? PostNumber { get; init; }

    public bool Print { get; init; }

    public StreamFilter Filter { get; init; } = new();

    public bool IncludeRaw { get; init; }
}

/// <summary>Everything that the page of a topic shows, for HTML and JSON alike.</summary>
sealed record TopicPage
{
    public const int ChunkSize = 20;

    public required Topic Topic { get; init; }

    public required Viewer Viewer { get; init; }

    public required IReadOnlyList<StreamEntry> Stream { get; init; }

    public required IReadOnlyList<Post> Posts { get; init; }

    public required PostMarks Marks { get; init; }

    public IReadOnlyList<Participant> Participants { get; init; } = [];

    public IReadOnlyList<TopicLink> Links { get; init; } = [];

    public IReadOnlyList<Topic> Suggested { get; init; } = [];

    public IReadOnlyList<UserBrief> AllowedUsers { get; init; } = [];

    public IReadOnlyList<NamedMessageGroup> AllowedGroups { get; init; } = [];

    public TopicDraft Draft { get; init; } = new(null, 0);

    public PollsOfPosts Polls { get; init; } = PollsOfPosts.None;

    public IReadOnlyList<TopicTimer> Timers { get; init; } = [];

    /// <summary>The newest message of the topic's channel, from which a client polls on.</summary>
    public long LastMessageId { get; init; }

    /// <summary>Of each shown post that flags or approval wait for: reviewable, scores, pending scores. For staff.</summary>
    public IReadOnlyDictionary<int, (long Id, int Scores, int Pending)> Reviewables { get; init; } = new Dictionary<int, (long, int, int)>();

    /// <summary>Deleted posts that staff may open, by the post before which they stood; under 0 those after the last.</summary>
    public IReadOnlyDictionary<int, List<int>> Gaps { get; init; } = new Dictionary<int, List<int>>();

    public long? BookmarkId { get; init; }

    public int Page { get; init; } = 1;

    public int Pages => Math.Max(1, (Stream.Count + ChunkSize - 1) / ChunkSize);

    public bool IncludeRaw { get; init; }

    public int? PostNumber { get; init; }
}

sealed record Participant(UserBrief User, int PostCount, string? PrimaryGroup, string? FlairName, string? FlairIcon, string? FlairColor, string? FlairBackground,
    int? FlairGroupId, bool IsAdmin, bool IsModerator, int TrustLevel);

sealed record TopicLink(int PostId, string Url, string? Title, bool Internal, bool Reflection, bool Attachment, int Clicks, int UserId, string Domain);

sealed record NamedMessageGroup(int Id, string Name);

sealed record TopicDraft(string? Data, int Sequence);

/// <summary>Reads the page of a topic in two round trips: the topic with its stream, then everything about the posts that are shown. Polls and what only staff see take one more each.</summary>
sealed class TopicPages(ForumDatabase database, TopicStore topics, MessageBus.MessageBus bus, BaseUrl baseUrl)
{
    /// <exception cref="RefusedException">No such topic or page, or not for this reader.</exception>
    public async Task<TopicPage> LoadAsync(TopicRequest request, Viewer viewer, CancellationToken cancellation)
    {
        var (topic, stream) = await topics.FindWithStreamAsync(request.TopicId, viewer.User.Id, viewer.User.IsStaff, viewer.CanSeeWhispers, viewer.Now, cancellation)
            ?? throw Refused.NotFound();
        if (!TopicPermissions.CanSee(viewer, topic))
            throw viewer.User.IsAnonymous && !topic.IsMessage && !topic.IsDeleted ? Refused.InvalidAccess() : topic.IsMessage || topic.IsDeleted ? Refused.NotFound() : Refused.InvalidAccess();
        if (!request.Filter.IsEmpty)
            stream = await request.Filter.StreamAsync(database, topic.Id, viewer, cancellation);
        var page = request.Page ?? PageOf(stream, request.PostNumber);
        if (page < 1 || (page > 1 && (page - 1) * TopicPage.ChunkSize >= Math.Max(stream.Count, topic.HighestPostNumber)))
            throw Refused.NotFound();

        int[] ids = request.Print
            ? [.. stream.Select(entry => entry.Id).Take(1000)]
            : request.PostNumber is { } number && request.Page is null ? Around(stream, number)
            : [.. stream.Skip((page - 1) * TopicPage.ChunkSize).Take(TopicPage.ChunkSize).Select(entry => entry.Id)];
        var batch = new SqlBatch(database);
        var shown = PostStore.List(batch, ids);
        var marks = PostStore.Marks(batch, viewer.User.Id, ids);
        var people = People(batch, topic.Id);
        var links = Links(batch, topic.Id, ids);
        var suggested = topic.IsMessage ? [] : TopicListStore.Suggested(batch, viewer, topic);
        var mine = viewer.User.IsAnonymous ? [] : Mine(batch, topic.Id, viewer.User.Id);
        var timers = viewer.User.IsAnonymous ? [] : TopicTimers.List(batch, topic.Id);
        await batch.RunAsync(cancellation);
        var result = new TopicPage
        {
            Topic = topic,
            Viewer = viewer,
            Stream = stream,
            Posts = shown,
            Marks = new PostMarks(marks.ToLookup(mark => mark.PostId)),
            Participants = people,
            Links = links,
            Suggested = suggested,
            Timers = timers,
            Draft = mine is [var own] ? new TopicDraft(own.Draft, (int)(own.Sequence ?? 0)) : new TopicDraft(null, 0),
            BookmarkId = mine is [{ Bookmark: var bookmark }] ? bookmark : null,
            Page = page,
            IncludeRaw = request.IncludeRaw,
            PostNumber = request.PostNumber,
        };
        if (shown.Any(post => post.HasPolls))
            result = result with { Polls = await PollsOfPosts.LoadAsync(database, [.. shown.Where(post => post.HasPolls).Select(post => post.Id)], viewer, baseUrl.Host, cancellation) };
        if (topic.IsMessage)
            result = await WithAllowedAsync(result, cancellation);
        if (viewer.User.IsAnonymous)
            return result;
        result = result with { LastMessageId = await bus.LastIdOrZeroAsync($"/topic/{topic.Id}", cancellation) };
        return viewer.User.IsStaff ? await WithStaffAsync(result, cancellation) : result;
    }

    /// <summary>What only staff see: posts that are gone, and what waits for a decision.</summary>
    async Task<TopicPage> WithStaffAsync(TopicPage page, CancellationToken cancellation)
    {
        var waiting = await database.ListAsync("""
            SELECT r.target_id, r.id, count(s.id)::int, (count(s.id) FILTER (WHERE s.status = 0))::int
            FROM reviewables r
            JOIN reviewable_scores s ON s.reviewable_id = r.id
            WHERE r.target_type = 'Post' AND r.target_id = ANY($1)
            GROUP BY r.target_id, r.id
            """, row => (Post: row.Int(0), Id: row.Long(1), Scores: row.Int(2), Pending: row.Int(3)), [page.Posts.Select(post => post.Id).ToArray()], cancellation);
        var deleted = await database.ListAsync("SELECT id, sort_order FROM posts WHERE topic_id = $1 AND deleted_at IS NOT NULL ORDER BY sort_order LIMIT 1000",
            row => (Id: row.Int(0), Order: row.IntOrNull(1) ?? 0), [page.Topic.Id], cancellation);
        var gaps = new Dictionary<int, List<int>>();
        var shown = page.Stream.Select(entry => entry.Id).ToHashSet();
        foreach (var (id, order) in deleted.Where(post => !shown.Contains(post.Id)))
        {
            var before = page.Stream.FirstOrDefault(entry => entry.PostNumber > order).Id;
            if (!gaps.TryGetValue(before, out var list))
                gaps[before] = list = [];
            list.Add(id);
        }

        return page with { Gaps = gaps, Reviewables = waiting.GroupBy(one => one.Post).ToDictionary(group => group.Key, group => (group.First().Id, group.First().Scores, group.First().Pending)) };
    }

    static int PageOf(List<StreamEntry> stream, int? number) =>
        number is not { } wanted ? 1 : Math.Max(0, stream.FindLastIndex(entry => entry.PostNumber <= wanted)) / TopicPage.ChunkSize + 1;

    /// <summary>A chunk with a quarter before the wanted post, when a topic is opened in the middle.</summary>
    static int[] Around(List<StreamEntry> stream, int number)
    {
        var at = Math.Max(0, stream.FindIndex(entry => entry.PostNumber >= number));
        if (stream.Count > 0 && stream[^1].PostNumber < number)
            at = stream.Count - 1;
        var start = Math.Max(0, Math.Min(at - TopicPage.ChunkSize / 4, stream.Count - TopicPage.ChunkSize));
        return [.. stream.Skip(start).Take(TopicPage.ChunkSize).Select(entry => entry.Id)];
    }

    static List<Participant> People(SqlBatch batch, int topicId) => batch.List("""
        SELECT u.id, u.username, u.name, u.uploaded_avatar_id, x.posts::int, pg.name, fg.name, fg.flair_icon, fg.flair_color, fg.flair_bg_color, fg.id,
            u.admin, coalesce(u.moderator, false), u.trust_level
        FROM (
            SELECT user_id, count(*) AS posts
            FROM posts
            WHERE topic_id = $1 AND deleted_at IS NULL AND post_type IN (1, 2) AND user_id IS NOT NULL
            GROUP BY user_id
            ORDER BY count(*) DESC, user_id
            LIMIT 24
        ) x
        JOIN users u ON u.id = x.user_id
        LEFT JOIN groups pg ON pg.id = u.primary_group_id
        LEFT JOIN groups fg ON fg.id = u.flair_group_id
        ORDER BY x.posts DESC, u.id
        """, row => new Participant(UserBrief.Read(row, 0), row.Int(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8), row.TextOrNull(9),
            row.IntOrNull(10), row.Bool(11), row.Bool(12), row.Int(13)), [topicId]);

    static List<TopicLink> Links(SqlBatch batch, int topicId, int[] postIds) => batch.List("""
        SELECT l.post_id, l.url, coalesce(l.title, ft.title), l.internal, coalesce(l.reflection, false), l.extension IS NOT NULL, l.clicks, l.user_id, l.domain
        FROM topic_links l
        LEFT JOIN topics ft ON ft.id = l.link_topic_id AND ft.archetype <> 'private_message' AND ft.deleted_at IS NULL
        WHERE l.topic_id = $1 AND l.post_id = ANY($2)
        ORDER BY l.clicks DESC, l.id
        LIMIT 100
        """, row => new TopicLink(row.Int(0), row.Text(1), row.TextOrNull(2), row.Bool(3), row.Bool(4), row.Bool(5), row.Int(6), row.Int(7), row.Text(8)),
        [topicId, postIds]);

    async Task<TopicPage> WithAllowedAsync(TopicPage page, CancellationToken cancellation) => page with
    {
        AllowedUsers = [.. (await UserBriefs.LoadAsync(database, page.Topic.AllowedUserIds, cancellation)).Values],
        AllowedGroups = await database.ListAsync("""
            SELECT id, name
            FROM groups
            WHERE id = ANY($1)
            """, row => new NamedMessageGroup(row.Int(0), row.Text(1)), [page.Topic.AllowedGroupIds.ToArray()], cancellation),
    };

    static List<(string? Draft, long? Sequence, long? Bookmark)> Mine(SqlBatch batch, int topicId, int userId) => batch.List("""
        SELECT (SELECT data FROM drafts WHERE user_id = $1 AND draft_key = $2), (SELECT sequence FROM draft_sequences WHERE user_id = $1 AND draft_key = $2),
            (SELECT id FROM bookmarks WHERE user_id = $1 AND bookmarkable_type = 'Topic' AND bookmarkable_id = $3 LIMIT 1)
        """, row => (row.TextOrNull(0), row.LongOrNull(1), row.LongOrNull(2)), [userId, $"topic_{topicId}", topicId]);
}
