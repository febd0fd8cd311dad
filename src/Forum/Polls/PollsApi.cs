using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Polls;

static class PollsApi
{
    static readonly string[] Types = ["regular", "multiple", "number", "ranked_choice"];
    static readonly string[] Results = ["always", "on_vote", "on_close", "staff_only"];

    public static void MapPolls(this IEndpointRouteBuilder app)
    {
        app.MapPut("/polls/vote", VoteAsync).RequireLogin().Named("polls#vote");
        app.MapDelete("/polls/vote", RemoveAsync).RequireLogin().Named("polls#remove_vote");
        app.MapPut("/polls/toggle_status", ToggleAsync).RequireLogin().Named("polls#toggle_status");
    }

    sealed record Poll(long Id, string Name, int Type, int Status, int ResultsWhen, int? Min, int? Max, DateTime? CloseAt);

    static async Task<(Poll Poll, Post Post, Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, Parameters given, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = await services.GetRequiredService<PostStore>().FindAsync(given.RequiredInt("post_id"), cancellation) ?? throw Refused.NotFound();
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!PostPermissions.CanSee(viewer, topic, post))
            throw Refused.NotFound();
        var poll = await services.GetRequiredService<ForumDatabase>().FindAsync("SELECT id, name, type, status, results, min, max, close_at FROM polls WHERE post_id = $1 AND name = $2",
            row => new Poll(row.Long(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.IntOrNull(5), row.IntOrNull(6), row.TimeOrNull(7)), [(long)post.Id, given.Text("poll_name") ?? "poll"], cancellation);
        return poll is null ? throw Refused.NotFound() : (poll, post, topic, viewer);
    }

    static async Task<IResult> VoteAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, _, topic, viewer) = await FindAsync(context, given, cancellation);
        if (poll.Status == 1 || poll.CloseAt < viewer.Now || topic.Archived || viewer.IsSilenced)
            throw Refused.Invalid("The poll is closed.");
        var options = (given.List("options") ?? throw Refused.Missing("options")).Distinct().ToArray();
        var (least, most) = poll.Type == 1 ? (poll.Min ?? 1, poll.Max ?? int.MaxValue) : (1, 1);
        if (options.Length < least || options.Length > most)
            throw Refused.Invalid("That is not a number of options that the poll takes.");
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("DELETE FROM poll_votes WHERE poll_id = $1 AND user_id = $2", [poll.Id, (long)viewer.User.Id], cancellation);
        var stored = await sql.ExecuteAsync("""
            INSERT INTO poll_votes (poll_id, poll_option_id, user_id, created_at, updated_at)
            SELECT $1, id, $2, $4, $4 FROM poll_options WHERE poll_id = $1 AND digest = ANY($3)
            """, [poll.Id, (long)viewer.User.Id, options, viewer.Now], cancellation);
        if (stored != options.Length)
            throw Refused.InvalidParameters("options");
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["poll"] = await JsonAsync(database, poll, viewer, cancellation), ["vote"] = options.ToJsonArray() });
    }

    static async Task<IResult> RemoveAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, _, _, viewer) = await FindAsync(context, given, cancellation);
        if (poll.Status == 1 || poll.CloseAt < viewer.Now)
            throw Refused.Invalid("The poll is closed.");
        await database.ExecuteAsync("DELETE FROM poll_votes WHERE poll_id = $1 AND user_id = $2", [poll.Id, (long)viewer.User.Id], cancellation);
        return Replies.Json(new JsonObject { ["poll"] = await JsonAsync(database, poll, viewer, cancellation) });
    }

    static async Task<IResult> ToggleAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, post, _, viewer) = await FindAsync(context, given, cancellation);
        if (post.UserId != viewer.User.Id && !viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var status = given.Required("status") switch { "open" => 0, "closed" => 1, _ => throw Refused.InvalidParameters("status") };
        await database.ExecuteAsync("UPDATE polls SET status = $2, updated_at = $3 WHERE id = $1", [poll.Id, status, viewer.Now], cancellation);
        return Replies.Json(new JsonObject { ["poll"] = await JsonAsync(database, poll with { Status = status }, viewer, cancellation) });
    }

    static async Task<JsonObject> JsonAsync(SqlSession sql, Poll poll, Viewer viewer, CancellationToken cancellation)
    {
        var options = await sql.ListAsync("""
            SELECT o.digest, o.html, (SELECT count(*)::int FROM poll_votes v WHERE v.poll_option_id = o.id) + coalesce(o.anonymous_votes, 0),
                EXISTS (SELECT FROM poll_votes v WHERE v.poll_id = $1 AND v.user_id = $2)
            FROM poll_options o
            WHERE o.poll_id = $1
            ORDER BY o.id
            """, row => (Digest: row.Text(0), Html: row.Text(1), Votes: row.Int(2), Voted: row.Bool(3)), [poll.Id, (long)viewer.User.Id], cancellation);
        var voters = await sql.ScalarAsync<int>("SELECT count(DISTINCT user_id)::int FROM poll_votes WHERE poll_id = $1", [poll.Id], cancellation);
        var shown = poll.ResultsWhen == 0 || (poll.ResultsWhen == 1 && options.Any(option => option.Voted)) || (poll.ResultsWhen == 2 && poll.Status == 1) || viewer.User.IsStaff;
        return new JsonObject
        {
            ["name"] = poll.Name,
            ["type"] = Types[poll.Type],
            ["status"] = poll.Status == 1 ? "closed" : "open",
            ["results"] = Results[poll.ResultsWhen],
            ["options"] = options.Select(option =>
            {
                var json = new JsonObject { ["id"] = option.Digest, ["html"] = option.Html };
                if (shown)
                    json["votes"] = option.Votes;
                return (JsonNode?)json;
            }).ToJsonArray(),
            ["voters"] = voters,
        };
    }
}
