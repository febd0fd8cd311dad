using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.MessageBus;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Polls;

/// <summary>Voting in polls, and who voted for what.</summary>
static class PollsApi
{
    const int MostVoters = 100;

    public static void MapPolls(this IEndpointRouteBuilder app)
    {
        app.MapPut("/polls/vote", VoteAsync).RequireLogin().Named("polls#vote");
        app.MapDelete("/polls/vote", RemoveAsync).RequireLogin().Named("polls#remove_vote");
        app.MapPut("/polls/toggle_status", ToggleAsync).RequireLogin().Named("polls#toggle_status");
        app.MapGet("/polls/voters", VotersAsync).AllowAnyone().Named("polls#voters");
    }

    static async Task<(Poll Poll, Post Post, Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, Parameters given, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = await services.GetRequiredService<PostStore>().FindAsync(given.RequiredInt("post_id"), cancellation) ?? throw Refused.NotFound();
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!PostPermissions.CanSee(viewer, topic, post))
            throw Refused.NotFound();
        var poll = await services.GetRequiredService<ForumDatabase>().FindAsync($"SELECT {Poll.Columns} FROM polls x JOIN posts p ON p.id = x.post_id WHERE x.post_id = $1 AND x.name = $2", Poll.Read,
            [(long)post.Id, given.Text("poll_name") ?? "poll"], cancellation);
        return poll is null ? throw Refused.NotFound() : (poll, post, topic, viewer);
    }

    /// <summary>Options of a ranked choice come with their places: 0 is none.</summary>
    static (string Digest, int Rank)[] Choices(Parameters given, Poll poll)
    {
        if (poll.Type != Poll.RankedChoice)
            return [.. (given.List("options") ?? throw Refused.Missing("options")).Distinct().Select(digest => (digest, 0))];
        var items = given.Node("options") switch { JsonArray list => list.ToArray(), JsonObject indexed => [.. indexed.Select(pair => pair.Value)], _ => throw Refused.Missing("options") };
        return [.. items.OfType<JsonObject>().Select(item => (item["digest"]?.ToString() ?? "", int.TryParse(item["rank"]?.ToString(), CultureInfo.InvariantCulture, out var rank) ? rank : 0))
            .DistinctBy(choice => choice.Item1)];
    }

    static async Task<IResult> VoteAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, post, topic, viewer) = await FindAsync(context, given, cancellation);
        await CheckOpenAsync(database, poll, topic, viewer, cancellation);
        var choices = Choices(given, poll);
        (string Digest, int Rank)[] chosen = poll.Type == Poll.RankedChoice ? [.. choices.Where(choice => choice.Rank > 0)] : choices;
        var (least, most) = poll.Type switch { Poll.Multiple => (poll.Min ?? 1, poll.Max ?? int.MaxValue), Poll.RankedChoice => (1, int.MaxValue), _ => (1, 1) };
        if (chosen.Length < least || chosen.Length > most)
            throw Refused.Invalid("That is not a number of options that the poll takes.");
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ScalarAsync<int?>("SELECT status FROM polls WHERE id = $1 FOR NO KEY UPDATE", [poll.Id], cancellation) != 0)
            throw Refused.Invalid("The poll is closed.");
        await sql.ExecuteAsync("DELETE FROM poll_votes WHERE poll_id = $1 AND user_id = $2", [poll.Id, (long)viewer.User.Id], cancellation);
        var stored = await sql.ExecuteAsync("""
            INSERT INTO poll_votes (poll_id, poll_option_id, user_id, rank, created_at, updated_at)
            SELECT $1, o.id, $2, c.rank, $5, $5
            FROM unnest($3::text[], $4::int[]) AS c (digest, rank)
            JOIN poll_options o ON o.poll_id = $1 AND o.digest = c.digest
            """, [poll.Id, (long)viewer.User.Id, choices.Select(choice => choice.Digest).ToArray(), choices.Select(choice => choice.Rank).ToArray(), viewer.Now], cancellation);
        if (stored != choices.Length)
            throw Refused.InvalidParameters("options");
        await sql.CommitAsync(cancellation);
        var json = await ChangedAsync(context, poll, post, topic, viewer, cancellation);
        return Replies.Json(new JsonObject { ["poll"] = json, ["vote"] = chosen.Select(choice => choice.Digest).ToJsonArray() });
    }

    static async Task CheckOpenAsync(SqlSession sql, Poll poll, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        if (poll.IsClosed(viewer.Now) || topic.Archived || topic.IsDeleted || viewer.IsSilenced)
            throw Refused.Invalid("The poll is closed.");
        if (poll.Groups is { Length: > 0 } groups && !await sql.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = $1 AND lower(g.name) = ANY($2))",
            [viewer.User.Id, groups.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries)], cancellation))
            throw Refused.Invalid($"Only members of {groups} can vote in this poll.");
    }

    /// <summary>Tells readers of the topic, and answers with the poll as it is now.</summary>
    static async Task<JsonObject> ChangedAsync(HttpContext context, Poll poll, Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var (database, host) = (services.GetRequiredService<ForumDatabase>(), services.GetRequiredService<BaseUrl>().Host);
        var json = (await PollsOfPosts.LoadAsync(database, [post.Id], viewer, host, cancellation)).Find(post.Id, poll.Name)!;
        var publicly = await PollsOfPosts.LoadAsync(database, [post.Id], viewer with { User = Sessions.CurrentUser.Anonymous }, host, cancellation);
        var message = new JsonObject { ["post_id"] = post.Id };
        publicly.AddTo(message, post.Id);
        await services.GetRequiredService<ContentMessages>().PublishToReadersAsync($"/polls/{topic.Id}", topic, message, cancellation);
        return json;
    }

    static async Task<IResult> RemoveAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, post, topic, viewer) = await FindAsync(context, given, cancellation);
        await CheckOpenAsync(database, poll, topic, viewer, cancellation);
        await database.ExecuteAsync("DELETE FROM poll_votes WHERE poll_id = $1 AND user_id = $2", [poll.Id, (long)viewer.User.Id], cancellation);
        return Replies.Json(new JsonObject { ["poll"] = await ChangedAsync(context, poll, post, topic, viewer, cancellation) });
    }

    static async Task<IResult> ToggleAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (poll, post, topic, viewer) = await FindAsync(context, given, cancellation);
        if (topic.Archived || (post.UserId != viewer.User.Id && !viewer.User.IsStaff))
            throw Refused.InvalidAccess();
        var status = given.Required("status") switch { "open" => 0, "closed" => 1, _ => throw Refused.InvalidParameters("status") };
        await database.ExecuteAsync("UPDATE polls SET status = $2, close_at = CASE WHEN $2 = 0 AND close_at <= $3 THEN NULL ELSE close_at END, updated_at = $3 WHERE id = $1", [poll.Id, status, viewer.Now], cancellation);
        return Replies.Json(new JsonObject { ["poll"] = await ChangedAsync(context, poll, post, topic, viewer, cancellation) });
    }

    static async Task<IResult> VotersAsync(HttpContext context, Parameters given, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (poll, _, _, viewer) = await FindAsync(context, given, cancellation);
        var voted = await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM poll_votes WHERE poll_id = $1 AND user_id = $2)", [poll.Id, (long)viewer.User.Id], cancellation);
        if (!poll.IsPublic || !poll.CanSeeResults(viewer, voted))
            throw Refused.InvalidAccess();
        var limit = Math.Clamp(given.Int("limit") ?? 25, 1, MostVoters);
        var page = Math.Max(1, given.Int("page") ?? 1);
        var voters = await PollsOfPosts.VotersAsync(database, [poll.Id], given.Text("option_id"), limit, (page - 1) * limit, cancellation);
        return Replies.Json(new JsonObject { ["voters"] = PollsOfPosts.VotersJson(voters, baseUrl.Host) });
    }
}
