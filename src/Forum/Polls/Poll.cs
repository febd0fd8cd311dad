using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Viewing;

namespace Forum.Polls;

/// <summary>A row of polls.</summary>
sealed record Poll(long Id, int PostId, string Name, int Type, int Status, int ResultsWhen, int Visibility, int? Min, int? Max, int? Step, DateTime? CloseAt, int ChartType, string? Title, string? Groups,
    int AuthorId)
{
    public const int Multiple = 1;
    public const int RankedChoice = 3;

    public static readonly string[] Types = ["regular", "multiple", "number", "ranked_choice"];
    public static readonly string[] Results = ["always", "on_vote", "on_close", "staff_only"];

    public bool IsPublic => Visibility == 1;

    public bool IsClosed(DateTime now) => Status == 1 || CloseAt <= now;

    public bool CanSeeResults(Viewer viewer, bool hasVoted) => ResultsWhen switch
    {
        3 => viewer.User.IsStaff,
        0 => true,
        _ => IsClosed(viewer.Now) || (ResultsWhen == 1 && (hasVoted || (!viewer.User.IsAnonymous && viewer.User.Id == AuthorId))),
    };

    /// <summary>Of polls x joined with posts p.</summary>
    public const string Columns = """
        x.id, x.post_id::int, x.name, x.type, x.status, x.results, x.visibility, x.min, x.max, x.step, x.close_at, x.chart_type, x.title, x.groups, coalesce(p.user_id, 0)
        """;

    public static Poll Read(Npgsql.NpgsqlDataReader row) => new(row.Long(0), row.Int(1), row.Text(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.IntOrNull(7), row.IntOrNull(8), row.IntOrNull(9),
        row.TimeOrNull(10), row.Int(11), row.TextOrNull(12), row.TextOrNull(13), row.Int(14));
}

/// <summary>The polls of some posts as their readers see them, read by set.</summary>
sealed class PollsOfPosts(ILookup<int, (string Name, JsonObject Json, string[] Votes)> polls)
{
    /// <summary>So many voters of an option are named at once; the rest are at /polls/voters.</summary>
    const int MostNamed = 25;

    public static readonly PollsOfPosts None = new(Array.Empty<int>().ToLookup(_ => 0, _ => ("", new JsonObject(), Array.Empty<string>())));

    /// <summary>Adds "polls" and what the reader voted, if the post has polls.</summary>
    public void AddTo(JsonObject post, int postId)
    {
        if (!polls.Contains(postId))
            return;
        post["polls"] = polls[postId].Select(poll => (JsonNode?)poll.Json.DeepClone()).ToJsonArray();
        var votes = new JsonObject();
        foreach (var (name, _, digests) in polls[postId].Where(poll => poll.Votes.Length > 0))
            votes[name] = digests.ToJsonArray();
        if (votes.Count > 0)
            post["polls_votes"] = votes;
    }

    /// <summary>The polls of a post with the digests of the options that the reader voted for.</summary>
    public IEnumerable<(JsonObject Json, string[] Votes)> Of(int postId) => polls[postId].Select(poll => (poll.Json, poll.Votes));

    public JsonObject? Find(int postId, string name) => polls[postId].Where(poll => poll.Name == name).Select(poll => (JsonObject)poll.Json.DeepClone()).FirstOrDefault();

    public static async Task<PollsOfPosts> LoadAsync(SqlSession sql, int[] postIds, Viewer viewer, string host, CancellationToken cancellation)
    {
        if (postIds.Length == 0)
            return None;
        var found = await sql.ListAsync($"SELECT {Poll.Columns} FROM polls x JOIN posts p ON p.id = x.post_id WHERE x.post_id = ANY($1) ORDER BY x.id", Poll.Read, [postIds.Select(id => (long)id).ToArray()], cancellation);
        if (found.Count == 0)
            return None;
        var ids = found.Select(poll => poll.Id).ToArray();
        var options = await sql.ListAsync("""
            SELECT o.poll_id, o.digest, o.html, coalesce(o.anonymous_votes, 0) + (SELECT count(*)::int FROM poll_votes v WHERE v.poll_option_id = o.id AND (v.rank <= 1)),
                EXISTS (SELECT FROM poll_votes v WHERE v.poll_option_id = o.id AND v.user_id = $2)
            FROM poll_options o
            WHERE o.poll_id = ANY($1)
            ORDER BY o.id
            """, row => (Poll: row.Long(0), Digest: row.Text(1), Html: row.Text(2), Votes: row.Int(3), Mine: row.Bool(4)), [ids, (long)viewer.User.Id], cancellation);
        var voters = (await sql.ListAsync("""
            SELECT x.id, coalesce(x.anonymous_voters, 0) + (SELECT count(DISTINCT v.user_id)::int FROM poll_votes v WHERE v.poll_id = x.id) FROM polls x WHERE x.id = ANY($1)
            """, row => (row.Long(0), row.Int(1)), [ids], cancellation)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var shown = found.Where(poll => poll.IsPublic && poll.CanSeeResults(viewer, options.Any(option => option.Poll == poll.Id && option.Mine))).Select(poll => poll.Id).ToArray();
        var named = shown.Length == 0 ? [] : await VotersAsync(sql, shown, null, MostNamed, 0, cancellation);
        return new PollsOfPosts(found.Select(poll =>
        {
            var own = options.Where(option => option.Poll == poll.Id).ToArray();
            var visible = poll.CanSeeResults(viewer, own.Any(option => option.Mine));
            var json = new JsonObject
            {
                ["id"] = poll.Id,
                ["name"] = poll.Name,
                ["type"] = Poll.Types[poll.Type],
                ["status"] = poll.IsClosed(viewer.Now) ? "closed" : "open",
                ["results"] = Poll.Results[poll.ResultsWhen],
                ["options"] = own.Select(option =>
                {
                    var one = new JsonObject { ["id"] = option.Digest, ["html"] = option.Html };
                    if (visible)
                        one["votes"] = option.Votes;
                    return (JsonNode?)one;
                }).ToJsonArray(),
                ["voters"] = voters[poll.Id],
                ["chart_type"] = poll.ChartType == 1 ? "pie" : "bar",
                ["public"] = poll.IsPublic,
                ["title"] = poll.Title,
            };
            Set("min", poll.Min);
            Set("max", poll.Max);
            Set("step", poll.Step);
            if (poll.CloseAt is { } close)
                json["close"] = JsonParts.Time(close);
            if (poll.Groups is { Length: > 0 } groups)
                json["groups"] = groups;
            if (shown.Contains(poll.Id))
                json["preloaded_voters"] = VotersJson(named.Where(voter => voter.Poll == poll.Id), host);
            return (poll.PostId, Item: (poll.Name, json, own.Where(option => option.Mine).Select(option => option.Digest).ToArray()));

            void Set(string name, int? value)
            {
                if (value is { } number)
                    json[name] = number;
            }
        }).ToLookup(poll => poll.PostId, poll => poll.Item));
    }

    /// <summary>Who voted for what, first votes first.</summary>
    public static Task<List<(long Poll, string Digest, int Rank, UserBrief User)>> VotersAsync(SqlSession sql, long[] polls, string? digest, int limit, int offset, CancellationToken cancellation) => sql.ListAsync("""
        SELECT v.poll_id, o.digest, v.rank, u.id, u.username, u.name, u.uploaded_avatar_id
        FROM (
            SELECT poll_id, poll_option_id, user_id, rank, row_number() OVER (PARTITION BY poll_option_id ORDER BY created_at, user_id) AS place
            FROM poll_votes
            WHERE poll_id = ANY($1)
        ) v
        JOIN poll_options o ON o.id = v.poll_option_id AND ($2::text IS NULL OR o.digest = $2)
        JOIN users u ON u.id = v.user_id
        WHERE v.place > $4 AND v.place <= $4 + $3
        ORDER BY v.place
        """, row => (row.Long(0), row.Text(1), row.Int(2), UserBrief.Read(row, 3)), [polls, digest, limit, offset], cancellation);

    public static JsonObject VotersJson(IEnumerable<(long Poll, string Digest, int Rank, UserBrief User)> voters, string host)
    {
        var json = new JsonObject();
        foreach (var option in voters.GroupBy(voter => voter.Digest))
            json[option.Key] = option.Select(voter => (JsonNode?)voter.User.Json(host)).ToJsonArray();
        return json;
    }
}
