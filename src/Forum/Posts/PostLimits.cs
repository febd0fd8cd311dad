using Forum.Database;
using Forum.Markdown;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>How much one post may mention, link and show, and how often one person may answer themself. Staff have no limits.</summary>
static class PostLimits
{
    /// <exception cref="RefusedException">422 with all that is too much.</exception>
    public static void Check(Cooked cooked, string host, Viewer viewer)
    {
        var (user, settings) = (viewer.User, viewer.Settings);
        if (user.IsStaff || user.Id <= 0)
            return;
        var problems = new List<string>();
        var isNew = user.TrustLevel == 0;
        Limit(cooked.References.Mentions.Count, settings.Int(isNew ? "newuser_max_mentions_per_post" : "max_mentions_per_post"), "mention", isNew);
        if (isNew)
        {
            Limit(PostLinks.Of(cooked.Html, host).Count(link => !link.Internal), settings.Int("newuser_max_links"), "put a link to another site", true);
            var root = cooked.Html.Contains('<', StringComparison.Ordinal) ? Sanitizer.Parse(cooked.Html) : null;
            Limit(root?.QuerySelectorAll("img:not(.emoji):not(.avatar):not(.site-icon):not(.thumbnail), video, audio, iframe").Length ?? 0, settings.Int("newuser_max_embedded_media"), "show a picture or film", true);
            Limit(root?.QuerySelectorAll("a.attachment").Length ?? 0, settings.Int("newuser_max_attachments"), "attach a file", true);
        }

        if (problems.Count > 0)
            throw Refused.Invalid([.. problems]);

        void Limit(int count, int most, string what, bool forNew)
        {
            if (count > most)
                problems.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Sorry, {(forNew ? "new members" : "you")} can {what} at most {most} times in a post."));
        }
    }

    /// <summary>A conversation needs two: so many replies in a row, or in a topic of which nobody else takes notice, are enough.</summary>
    public static async Task CheckRepliesAsync(SqlSession sql, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var (user, settings) = (viewer.User, viewer.Settings);
        if (user.IsStaff || user.Id <= 0 || topic.IsMessage)
            return;
        var most = settings.Int("max_consecutive_replies");
        var own = most <= 0 ? 0 : await sql.ScalarAsync<int>("""
            SELECT count(*)::int
            FROM (SELECT user_id FROM posts WHERE topic_id = $1 AND deleted_at IS NULL AND post_type IN (1, 2) ORDER BY sort_order DESC LIMIT $3) last
            WHERE user_id = $2
            """, [topic.Id, user.Id, most], cancellation);
        if (most > 0 && own >= most)
            throw Refused.Invalid($"You have posted {most} times in a row. Please edit your last post, or wait for others to answer.");
        var firsts = settings.Int("newuser_max_replies_per_topic");
        if (user.TrustLevel > 0 || firsts <= 0 || topic.UserId == user.Id)
            return;
        var (mine, answers) = await sql.FindAsync("""
            SELECT count(*)::int, coalesce(sum(reply_count), 0)::int FROM posts WHERE topic_id = $1 AND user_id = $2 AND deleted_at IS NULL
            """, row => (row.Int(0), row.Int(1)), [topic.Id, user.Id], cancellation);
        if (mine >= firsts && answers == 0)
            throw Refused.Invalid($"New members can reply at most {firsts} times in a topic until somebody answers them.");
    }
}
