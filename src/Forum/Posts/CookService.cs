using Forum.Categories;
using Forum.Database;
using Forum.Markdown;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Cooks a post: once to see what it refers to, and once more with the answers if it refers to anything.</summary>
sealed class CookService(SiteSettings settings, BaseUrl baseUrl, Uploads.FileStores files, Onebox.Previews previews)
{
    public async Task<Cooked> CookAsync(SqlSession sql, string raw, int? topicId, int postId, Viewer viewer, CancellationToken cancellation)
    {
        var options = new CookOptions
        {
            BaseUrl = baseUrl.Value,
            PostId = postId,
            NoFollow = settings.Bool("add_rel_nofollow_to_user_content") && viewer.User.Id > 0 && !(viewer.User.TrustLevel >= 3 && !settings.Bool("tl3_links_no_follow")),
            Linkify = settings.Bool("enable_markdown_linkify"),
            Typographer = settings.Bool("enable_markdown_typographer"),
            TraditionalLinebreaks = settings.Bool("traditional_markdown_linebreaks"),
            Emoji = settings.Bool("enable_emoji"),
            AllowedIframes = settings.List("allowed_iframes"),
            AllowedSchemes = settings.List("allowed_href_schemes"),
            Watched = await WatchedAsync(sql, cancellation),
        };
        var first = Cooker.Cook(raw, options, CookResolution.None);
        return first.References.IsEmpty ? first : Cooker.Cook(raw, options, await ResolveAsync(sql, first.References, topicId, postId, viewer, cancellation));
    }

    /// <summary>What someone wrote about themself or their group; null when that is nothing.</summary>
    public async Task<string?> CookBioAsync(SqlSession sql, string? raw, Viewer author, CancellationToken cancellation) =>
        string.IsNullOrWhiteSpace(raw) ? null : (await CookAsync(sql, raw, null, 0, author, cancellation)).Html;

    static async Task<List<WatchedText>> WatchedAsync(SqlSession sql, CancellationToken cancellation) => await sql.ListAsync("""
        SELECT word, action, coalesce(replacement, ''), case_sensitive
        FROM watched_words
        WHERE action IN (2, 5, 8)
        """, row => new WatchedText(row.Text(0), row.Int(1) switch { 2 => WatchedTextAction.Censor, 5 => WatchedTextAction.Replace, _ => WatchedTextAction.Link },
            row.Text(2), row.Bool(3)), [], cancellation);

    async Task<CookResolution> ResolveAsync(SqlSession sql, CookReferences references, int? topicId, int postId, Viewer viewer, CancellationToken cancellation)
    {
        var names = references.Mentions.Concat(references.Quotes.Select(quote => quote.Username.ToLowerInvariant())).Distinct().ToArray();
        var users = names.Length == 0 ? [] : await sql.ListAsync("""
            SELECT u.username_lower, u.username, u.uploaded_avatar_id, g.name
            FROM users u
            LEFT JOIN groups g ON g.id = u.primary_group_id
            WHERE u.username_lower = ANY($1) AND NOT u.staged
            """, row => (Lower: row.Text(0), User: new QuotedUser(row.Text(1), Avatars.Template(row.Text(1), row.IntOrNull(2), baseUrl.Host), row.TextOrNull(3))),
            [names], cancellation);
        var topicIds = references.Quotes.Select(quote => quote.TopicId).OfType<long>().Distinct().Where(id => id < int.MaxValue).Select(id => (int)id).ToArray();
        var topics = topicIds.Length == 0 ? [] : await sql.ListAsync("""
            SELECT t.id, coalesce(t.slug, 'topic'), coalesce(t.fancy_title, t.title)
            FROM topics t
            JOIN categories c ON c.id = t.category_id AND (NOT c.read_restricted OR c.id = (SELECT o.category_id FROM topics o WHERE o.id = $2))
            WHERE t.id = ANY($1) AND t.deleted_at IS NULL AND t.archetype <> 'private_message'
            """, row => new QuotedTopic(row.Int(0), row.Text(1), row.Text(2)), [topicIds, topicId ?? 0], cancellation);
        return new CookResolution
        {
            TopicId = topicId,
            Users = users.Select(user => user.Lower).ToHashSet(),
            Groups = await GroupMentions.FindAsync(sql, references.Mentions, viewer, cancellation),
            QuotedUsers = users.ToDictionary(user => user.Lower, user => user.User),
            QuotedTopics = topics.ToDictionary(topic => topic.Id),
            Hashtags = await HashtagsAsync(sql, references.Hashtags, viewer, cancellation),
            Uploads = await UploadsAsync(sql, references.Uploads, cancellation),
            Oneboxes = await previews.ForPostAsync(sql, references.Oneboxes, topicId, postId, cancellation),
        };
    }

    static async Task<Dictionary<string, HashtagTarget>> HashtagsAsync(SqlSession sql, HashSet<string> hashtags, Viewer viewer, CancellationToken cancellation)
    {
        var found = new Dictionary<string, HashtagTarget>(StringComparer.Ordinal);
        foreach (var hashtag in hashtags.Where(tag => !tag.EndsWith("::tag", StringComparison.Ordinal)))
        {
            var slug = hashtag.EndsWith("::category", StringComparison.Ordinal) ? hashtag[..^10] : hashtag;
            if (viewer.Categories.FindBySlug(slug) is { } category && CategoryPermissions.CanSee(viewer.User, category))
                found[hashtag] = new HashtagTarget("category", category.Id, category.Slug, category.Name, viewer.Categories.UrlOf(category), null);
        }

        var names = hashtags.Where(tag => !found.ContainsKey(tag)).ToDictionary(tag => tag, tag => tag.Replace("::tag", "", StringComparison.Ordinal));
        if (names.Count == 0)
            return found;
        var tags = (await sql.ListAsync("""
            SELECT id, name
            FROM tags
            WHERE lower(name) = ANY($1)
            """, row => (Id: row.Int(0), Name: row.Text(1)), [names.Values.Distinct().ToArray()], cancellation)).ToDictionary(tag => tag.Name.ToLowerInvariant());
        foreach (var (hashtag, name) in names)
        {
            if (tags.TryGetValue(name, out var tag))
            {
                found[hashtag] = new HashtagTarget("tag", tag.Id, tag.Name, tag.Name, $"/tag/{Uri.EscapeDataString(tag.Name)}",
                    hashtag.EndsWith("::tag", StringComparison.Ordinal) ? hashtag : null);
            }
        }

        return found;
    }

    async Task<Dictionary<string, UploadTarget>> UploadsAsync(SqlSession sql, HashSet<string> names, CancellationToken cancellation)
    {
        var wanted = names.Select(name => (Name: name, Sha1: Uploads.Base62.ToSha1(name))).Where(pair => pair.Sha1 is not null).ToArray();
        if (wanted.Length == 0)
            return [];
        var rows = (await sql.ListAsync("""
            SELECT u.sha1, u.url, coalesce(u.extension, ''), u.width, u.height, o.url
            FROM uploads u
            LEFT JOIN optimized_images o ON o.upload_id = u.id AND o.width = u.thumbnail_width AND o.height = u.thumbnail_height
            WHERE u.sha1 = ANY($1)
            """, row => (Sha1: row.Text(0), Url: row.Text(1), Extension: row.Text(2), Width: row.IntOrNull(3), Height: row.IntOrNull(4), Thumbnail: row.TextOrNull(5)),
            [wanted.Select(pair => pair.Sha1!).ToArray()], cancellation)).ToDictionary(row => row.Sha1);
        return wanted.Where(pair => rows.ContainsKey(pair.Sha1!)).ToDictionary(pair => pair.Name, pair =>
        {
            var row = rows[pair.Sha1!];
            return new UploadTarget(files.Public(row.Url), $"/uploads/short-url/{pair.Name}.{row.Extension}", row.Sha1, row.Width, row.Height, row.Width is not null)
            {
                ThumbnailUrl = row.Thumbnail is null ? null : files.Public(row.Thumbnail),
            };
        });
    }
}

/// <summary>Which groups a text mentions, and whether its author may notify them.</summary>
static class GroupMentions
{
    public static async Task<Dictionary<string, MentionedGroup>> FindAsync(SqlSession sql, IEnumerable<string> names, Viewer viewer, CancellationToken cancellation)
    {
        var wanted = names.ToArray();
        if (wanted.Length == 0)
            return [];
        var rows = await sql.ListAsync("""
            SELECT id, name, coalesce(mentionable_level, 0), visibility_level
            FROM groups
            WHERE lower(name) = ANY($1)
            """, row => (Id: row.Int(0), Name: row.Text(1), Level: row.Int(2), Visibility: row.Int(3)), [wanted], cancellation);
        return rows.Where(group => IsVisible(group.Id, group.Visibility, viewer))
            .ToDictionary(group => group.Name.ToLowerInvariant(), group => new MentionedGroup(group.Name, Allows(group.Id, group.Level, viewer)));
    }

    static bool IsVisible(int id, int level, Viewer viewer) => level switch
    {
        0 or 1 => true,
        2 => viewer.User.IsStaff || viewer.User.GroupIds.Contains(id),
        _ => viewer.User.IsStaff,
    };

    /// <summary>nobody 0, admins 1, staff 2, members 3, owners 4, everyone 99.</summary>
    public static bool Allows(int id, int level, Viewer viewer) => level switch
    {
        99 => true,
        1 => viewer.User.IsAdmin,
        2 => viewer.User.IsStaff,
        3 or 4 => viewer.User.IsStaff || viewer.User.GroupIds.Contains(id),
        _ => viewer.User.Id == -1,
    };
}
