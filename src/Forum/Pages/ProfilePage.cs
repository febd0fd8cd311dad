using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Lists;
using Forum.Topics;
using Forum.Users;
using Forum.Viewing;

namespace Forum.Pages;

/// <summary>A post in a profile.</summary>
sealed record ProfilePost(string Url, string Title, string Text, DateTime CreatedAt);

/// <summary>What a profile's page shows.</summary>
sealed record Profile(
    int Id, string Username, string Name, string? Title, int TrustLevel, bool IsStaff, bool IsHidden, string? Joined, string? Bio, string? Website, string? Location, string? SuspendedTill,
    string Avatar, bool CanMessage, bool IsSelf, IReadOnlyList<Topic> Topics, IReadOnlyList<ProfilePost> Posts);

/// <summary>The page of a member, of what the JSON says to the same viewer.</summary>
sealed class ProfilePage(Viewers viewers, PageRenderer renderer, TopicListStore topics, ForumDatabase database) : IProfilePage
{
    const int Shown = 10;

    public async Task<IResult> RenderAsync(HttpContext context, JsonObject user)
    {
        var cancellation = context.RequestAborted;
        var viewer = await viewers.OfAsync(context, cancellation);
        var id = (int)user["id"]!;
        var isHidden = (bool?)user["profile_hidden"] == true;
        var username = (string)user["username"]!;
        var profile = new Profile(
            id, username, Text("name") ?? "", Text("title"), (int)user["trust_level"]!, (bool)user["admin"]! || (bool)user["moderator"]!, isHidden, Text("created_at")?[..10],
            Text("bio_cooked"), Web(Text("website")), Text("location"), Text("suspended_till")?[..10],
            ((string)user["avatar_template"]!).Replace("{size}", "120", StringComparison.Ordinal), (bool?)user["can_send_private_message_to_user"] == true, viewer.User.Id == id,
            isHidden ? [] : await TopicsAsync(id, viewer, cancellation), isHidden ? [] : await PostsAsync(id, viewer, cancellation));
        var frame = await renderer.FrameAsync(context, viewer, username, withForm: false, cancellation) with { NoIndex = true };
        return PageRenderer.Page<ProfileView>(frame, new() { ["ProfileOf"] = profile });

        string? Text(string name) => user[name]?.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>Members write this themselves: nothing but an address of the web becomes a link.</summary>
    static string? Web(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;

    async Task<List<Topic>> TopicsAsync(int id, Viewer viewer, CancellationToken cancellation) => [.. (await topics.ListAsync(
        new TopicListQuery { Categories = viewer.VisibleCategories, CreatedBy = id, Order = "created", HideMuted = false, PerPage = Shown }, viewer, cancellation)).Take(Shown)];

    Task<List<ProfilePost>> PostsAsync(int id, Viewer viewer, CancellationToken cancellation) => database.ListAsync("""
        SELECT '/t/' || coalesce(nullif(t.slug, ''), 'topic') || '/' || t.id || '/' || p.post_number, t.title, p.cooked, p.created_at
        FROM posts p
        JOIN topics t ON t.id = p.topic_id
        WHERE p.user_id = $1 AND p.post_number > 1 AND p.post_type = 1 AND p.deleted_at IS NULL AND NOT p.hidden
            AND t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message' AND t.category_id = ANY($2)
        ORDER BY p.created_at DESC
        LIMIT $3
        """, row => new ProfilePost(row.Text(0), row.Text(1), PageRenderer.Plain(row.Text(2)), row.Time(3)), [id, viewer.VisibleCategories, Shown], cancellation);
}
