using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Moderation;
using Forum.Notifications;
using Forum.Posts;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Topics that become something else: a message and back, the site's banner, another owner's.</summary>
static class TopicConversionsApi
{
    public static void MapTopicConversions(this IEndpointRouteBuilder app)
    {
        app.MapPut("/t/{id:int}/convert-topic/{type}", ConvertAsync).RequireLogin().Named("topics#convert_topic");
        app.MapPut("/t/{id:int}/make-banner", (HttpContext context, int id, CancellationToken cancellation) => BannerAsync(context, id, true, cancellation)).RequireLogin().Named("topics#make_banner");
        app.MapPut("/t/{id:int}/remove-banner", (HttpContext context, int id, CancellationToken cancellation) => BannerAsync(context, id, false, cancellation)).RequireLogin().Named("topics#remove_banner");
        app.MapPost("/t/{id:int}/change-owner", OwnerAsync).RequireLogin().Named("topics#change_post_owners");
        app.MapPut("/t/{id:int}/remove-allowed-group", RemoveGroupAsync).RequireLogin().Named("topics#remove_allowed_group");
        app.MapPut("/t/{id:int}/publish", PublishAsync).RequireLogin().Named("topics#publish");
        foreach (var (name, level) in ((string, int)[])[("mute", 0), ("unmute", 1)])
            app.MapPut("/t/{id:int}/" + name, (HttpContext context, int id, CancellationToken cancellation) => LevelAsync(context, id, level, cancellation)).RequireLogin().Named("topics#" + name);
    }

    static async Task<(Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, int id, bool forStaff, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var topic = await context.RequestServices.GetRequiredService<TopicStore>().FindAsync(id, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        return forStaff && !viewer.User.IsStaff ? throw Refused.InvalidAccess() : (topic, viewer);
    }

    /// <summary>public: a message becomes a topic that all may read; private: a topic becomes a message to those who wrote in it.</summary>
    static async Task<IResult> ConvertAsync(HttpContext context, int id, string type, Parameters given, ForumDatabase database, TopicStatus status, ForumEvents events, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, forStaff: true, cancellation);
        if (type is not ("public" or "private") || (type == "public") != topic.IsMessage)
            throw Refused.InvalidParameters("type");
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, null, cancellation);
        var writers = await sql.ListAsync("SELECT DISTINCT user_id FROM posts WHERE topic_id = $1 AND user_id > 0 AND post_type IN (1, 2)", row => row.Int(0), [id], cancellation);
        if (type == "public")
        {
            var category = viewer.Categories.Find(given.Int("category_id") ?? viewer.Settings.Int("uncategorized_category_id")) ?? throw Refused.Invalid("Category is not known");
            if (!CategoryPermissions.CanCreateTopic(viewer.User, category))
                throw Refused.InvalidAccess();
            await sql.ExecuteAsync("UPDATE topics SET archetype = 'regular', subtype = NULL, category_id = $2, updated_at = $3 WHERE id = $1", [id, category.Id, viewer.Now], cancellation);
            await sql.ExecuteAsync("DELETE FROM topic_allowed_users WHERE topic_id = $1", [id], cancellation);
            await sql.ExecuteAsync("DELETE FROM topic_allowed_groups WHERE topic_id = $1", [id], cancellation);
            await sql.ExecuteAsync("UPDATE user_actions SET action_type = 4 WHERE target_topic_id = $1 AND action_type = 12", [id], cancellation);
            await sql.ExecuteAsync("DELETE FROM user_actions WHERE target_topic_id = $1 AND action_type = 13", [id], cancellation);
        }
        else
        {
            await sql.ExecuteAsync("UPDATE topics SET archetype = 'private_message', subtype = 'user_to_user', category_id = NULL, pinned_at = NULL, pinned_globally = false, updated_at = $2 WHERE id = $1", [id, viewer.Now], cancellation);
            await MessageRecipients.AllowAsync(sql, id, new Recipients(writers, []), viewer, cancellation);
            await sql.ExecuteAsync("UPDATE user_actions SET action_type = 12 WHERE target_topic_id = $1 AND action_type = 4", [id], cancellation);
        }

        await sql.ExecuteAsync("UPDATE post_search_data SET private_message = $2 WHERE post_id IN (SELECT id FROM posts WHERE topic_id = $1)", [id, type == "private"], cancellation);
        var now = (await TopicStore.FindAsync(sql, id, viewer.User.Id, cancellation))!;
        await status.NoteAsync(sql, now, type == "public" ? "public_topic" : "private_topic", viewer, cancellation);
        await TopicCounters.RefreshAsync(sql, id, bump: false, cancellation);
        await Tags.TagStore.CountOfTopicAsync(sql, now, cancellation);
        await TopicCounters.RefreshCategoriesAsync(sql, [topic.CategoryId, now.CategoryId], cancellation);
        await TopicCounters.RefreshUsersAsync(sql, writers, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("stats", now, null));
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["success"] = true, ["url"] = now.Url });
    }

    /// <summary>There is one banner: a new one ends the old.</summary>
    static async Task<IResult> BannerAsync(HttpContext context, int id, bool make, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, forStaff: true, cancellation);
        var services = context.RequestServices;
        if (topic.IsMessage)
            throw Refused.Invalid("A message can't be the banner.");
        await using var sql = await services.GetRequiredService<ForumDatabase>().BeginAsync(cancellation);
        await sql.ExecuteAsync("UPDATE topics SET archetype = 'regular', bannered_until = NULL WHERE archetype = 'banner'", [], cancellation);
        if (make)
        {
            await sql.ExecuteAsync("UPDATE topics SET archetype = 'banner' WHERE id = $1", [id], cancellation);
            await sql.ExecuteAsync("UPDATE user_profiles SET dismissed_banner_key = NULL WHERE dismissed_banner_key = $1", [id], cancellation);
        }

        await services.GetRequiredService<TopicStatus>().NoteAsync(sql, topic, make ? "banner.enabled" : "banner.disabled", viewer, cancellation);
        sql.AfterCommit(() => services.GetRequiredService<ForumEvents>().RaiseAsync("stats", topic, null));
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> OwnerAsync(HttpContext context, int id, Parameters given, ForumDatabase database, ForumEvents events, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, forStaff: true, cancellation);
        var owner = await UserLookup.GetAsync(database, given.Required("username"), viewer.User, cancellation);
        var ids = (given.Ints("post_ids") ?? throw Refused.Missing("post_ids")).Distinct().ToArray();
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, [id], cancellation);
        var posts = await sql.ListAsync($"SELECT {Post.Columns} FROM {Post.From} WHERE p.topic_id = $1 AND p.id = ANY($2)", Post.Read, [id, ids], cancellation);
        if (posts.Count != ids.Length)
            throw Refused.InvalidParameters("post_ids");
        foreach (var post in posts.Where(post => post.UserId != owner))
        {
            await sql.ExecuteAsync("UPDATE posts SET user_id = $2, version = version + 1, public_version = public_version + 1, last_version_at = $3, updated_at = $3 WHERE id = $1", [post.Id, owner, viewer.Now], cancellation);
            await sql.ExecuteAsync("""
                INSERT INTO post_revisions (user_id, post_id, modifications, number, created_at, updated_at, hidden)
                VALUES ($1, $2, $3, $4, $5, $5, false)
                """, [viewer.User.Id, post.Id, Modifications.Format([("user_id", $"{post.UserId}", $"{owner}")]), post.Version + 1, viewer.Now], cancellation);
            await sql.ExecuteAsync("UPDATE user_actions SET user_id = $2, acting_user_id = $2 WHERE target_post_id = $1 AND user_id = $3 AND action_type = 5", [post.Id, owner, post.UserId], cancellation);
            await sql.ExecuteAsync("UPDATE topic_links SET user_id = $2 WHERE post_id = $1", [post.Id, owner], cancellation);
            if (post.PostNumber == 1)
            {
                await sql.ExecuteAsync("UPDATE topics SET user_id = $2 WHERE id = $1", [id, owner], cancellation);
                await sql.ExecuteAsync("UPDATE user_actions SET user_id = $2, acting_user_id = $2 WHERE target_topic_id = $1 AND user_id = $3 AND action_type = 4", [id, owner, post.UserId], cancellation);
            }
        }

        await sql.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, posted, notification_level, notifications_reason_id)
            VALUES ($1, $2, true, 3, 1)
            ON CONFLICT (user_id, topic_id) DO UPDATE SET posted = true
            """, [owner, id], cancellation);
        await TopicCounters.RefreshAsync(sql, id, bump: false, cancellation);
        await TopicCounters.RefreshUsersAsync(sql, [owner, .. posts.Select(post => post.UserId)], cancellation);
        await TopicCounters.RefreshLikesAsync(sql, [owner, .. posts.Select(post => post.UserId)], cancellation);
        sql.AfterCommit(() => events.RaiseAsync("stats", topic, null));
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RemoveGroupAsync(HttpContext context, int id, Parameters given, ForumDatabase database, TopicStatus status, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, forStaff: true, cancellation);
        var name = given.Required("name");
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ExecuteAsync("DELETE FROM topic_allowed_groups WHERE topic_id = $1 AND group_id = (SELECT id FROM groups WHERE lower(name) = lower($2))", [id, name], cancellation) == 0)
            throw Refused.NotFound();
        await status.NoteAsync(sql, topic, "removed_group", viewer, cancellation, name);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    /// <summary>A draft of staff becomes a topic of a category, as if it were written now.</summary>
    static async Task<IResult> PublishAsync(HttpContext context, int id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, forStaff: true, cancellation);
        var category = viewer.Categories.Find(given.Int("destination_category_id") ?? throw Refused.Missing("destination_category_id")) ?? throw Refused.InvalidParameters("destination_category_id");
        await using var sql = await database.BeginAsync(cancellation);
        await RunTopicTimers.PublishAsync(sql, topic, category, viewer, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.TopicPublished, viewer.User.Id, null, viewer.Now, cancellation, new StaffActionDetails { TopicId = id });
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["basic_topic"] = new JsonObject { ["id"] = topic.Id, ["title"] = topic.Title, ["fancy_title"] = topic.FancyTitle, ["slug"] = topic.Slug, ["posts_count"] = topic.PostsCount } });
    }

    static async Task<IResult> LevelAsync(HttpContext context, int id, int level, CancellationToken cancellation)
    {
        var (_, viewer) = await FindAsync(context, id, forStaff: false, cancellation);
        await Notifier.SetTopicLevelAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), viewer.User.Id, id, level, viewer.Now, cancellation);
        return Replies.Success();
    }
}
