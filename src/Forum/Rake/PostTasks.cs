using System.Globalization;
using Forum.Database;
using Forum.PageCache;
using Forum.Posts;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Rake;

/// <summary>posts:rebake makes the HTML of every post anew from its text, as after a change of settings or of the forum's address.</summary>
static class PostTasks
{
    const int Batch = 500;

    public static async Task<int> RebakeAsync(RakeContext context, CancellationToken cancellation)
    {
        await context.Get<SiteSettings>().LoadAsync(cancellation);
        var (database, cook, host) = (context.Get<ForumDatabase>(), context.Get<CookService>(), context.Get<BaseUrl>().Host);
        var viewer = await context.Get<Viewers>().SystemAsync(cancellation);
        var total = await database.ScalarAsync<int>("SELECT count(*)::int FROM posts WHERE deleted_at IS NULL AND cook_method = 1", [], cancellation);
        await context.Output.WriteLineAsync("Rebaking post markdown for 'default'");
        var (done, last) = (0, 0);
        while (true)
        {
            var posts = await database.ListAsync("""
                SELECT id, topic_id, raw
                FROM posts
                WHERE id > $1 AND deleted_at IS NULL AND cook_method = 1
                ORDER BY id
                LIMIT $2
                """, row => (Id: row.Int(0), TopicId: row.Int(1), Raw: row.Text(2)), [last, Batch], cancellation);
            if (posts.Count == 0)
            {
                break;
            }

            foreach (var post in posts)
            {
                var cooked = await cook.CookAsync(database, post.Raw, post.TopicId, post.Id, viewer, cancellation);
                await database.ExecuteAsync("UPDATE posts SET cooked = $2, baked_at = $3, baked_version = 2 WHERE id = $1", [post.Id, cooked.Html, viewer.Now], cancellation);
                await PostIndex.UpdateAsync(database, post.Id, cooked.Html, host, viewer.Now, cancellation);
            }

            (done, last) = (done + posts.Count, posts[^1].Id);
            await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done} / {total}"));
        }

        await context.Get<AnonymousPages>().ChangedAsync(cancellation);
        await context.Output.WriteLineAsync();
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done} posts done!"));
        return 0;
    }
}
