using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Tags;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>Watched words for staff: /admin/customize/watched_words.</summary>
static class WatchedWordsApi
{
    const int MostPerAction = 2000;
    const int LongestWord = 100;

    static readonly (string Key, WatchedAction Action)[] Actions =
    [
        ("block", WatchedAction.Block), ("censor", WatchedAction.Censor), ("require_approval", WatchedAction.RequireApproval), ("flag", WatchedAction.Flag),
        ("replace", WatchedAction.Replace), ("tag", WatchedAction.Tag), ("silence", WatchedAction.Silence), ("link", WatchedAction.Link),
    ];

    public static void MapWatchedWords(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in (string[])["/admin/customize/watched_words", "/admin/logs/watched_words"])
        {
            var words = routes.MapGroup(prefix).RequireStaff();
            words.MapGet("", ListAsync).Named("admin/watched_words#index");
            words.MapPost("", CreateAsync).Named("admin/watched_words#create");
            words.MapDelete("/{id:int}", DeleteAsync).Named("admin/watched_words#destroy");
            words.MapPost("/upload", UploadAsync).Named("admin/watched_words#upload");
            words.MapGet("/action/{key}/download", DownloadAsync).Named("admin/watched_words#download");
            words.MapDelete("/action/{key}", ClearAsync).Named("admin/watched_words#clear_all");
        }
    }

    static WatchedAction ActionOf(string key) => Actions.FirstOrDefault(action => action.Key == key).Action is var found && found != 0 ? found : throw Refused.InvalidParameters("action_key");

    static string KeyOf(WatchedAction action) => Actions.First(known => known.Action == action).Key;

    static JsonObject Json(WatchedWord word, long? group)
    {
        var json = new JsonObject { ["id"] = word.Id, ["word"] = word.Word, ["regexp"] = System.Text.RegularExpressions.Regex.Escape(word.Word) };
        if (word.Replacement is { Length: > 0 } replacement)
            json["replacement"] = replacement;
        json["action"] = KeyOf(word.Action);
        json["case_sensitive"] = word.IsCaseSensitive;
        json["watched_word_group_id"] = group;
        return json;
    }

    static async Task<JsonObject> ListJsonAsync(SqlSession sql, long? group, SettingValues settings, CancellationToken cancellation)
    {
        var words = await sql.ListAsync("""
            SELECT id, word, action, replacement, case_sensitive, watched_word_group_id
            FROM watched_words
            WHERE $1::bigint IS NULL OR watched_word_group_id = $1
            ORDER BY action, word
            """, row => (Word: new WatchedWord(row.Int(0), row.Text(1), (WatchedAction)row.Int(2), row.TextOrNull(3), row.Bool(4)), Group: row.LongOrNull(5)), [group], cancellation);
        var shown = Actions.Where(action => action.Action != WatchedAction.Tag || settings.Bool("tagging_enabled")).ToArray();
        var compiled = new JsonObject();
        foreach (var (key, action) in shown)
        {
            compiled[key] = words.Where(pair => pair.Word.Action == action).GroupBy(pair => pair.Word.IsCaseSensitive).Select(pairs => (JsonNode?)new JsonObject
            {
                [$"(?:\\P{{L}}|^)({string.Join('|', pairs.Select(pair => Expression(pair.Word, settings)))})(?=\\P{{L}}|$)"] = new JsonObject { ["case_sensitive"] = pairs.Key },
            }).ToJsonArray();
        }

        return new JsonObject
        {
            ["actions"] = shown.Select(action => action.Key).ToJsonArray(),
            ["words"] = words.Where(pair => shown.Any(action => action.Action == pair.Word.Action)).Select(pair => (JsonNode?)Json(pair.Word, pair.Group)).ToJsonArray(),
            ["compiled_regular_expressions"] = compiled,
        };
    }

    static string Expression(WatchedWord word, SettingValues settings) => settings.Bool("watched_words_regular_expressions")
        ? word.Word
        : System.Text.RegularExpressions.Regex.Escape(word.Word).Replace(@"\*", @"\S*", StringComparison.Ordinal);

    static async Task<IResult> ListAsync(ForumDatabase database, SiteSettings settings, CancellationToken cancellation) =>
        Replies.Json(await ListJsonAsync(database, null, settings.Current, cancellation));

    static async Task<IResult> CreateAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var action = ActionOf(given.Required("action_key"));
        var words = given.List("words") ?? [given.Required("word")];
        await using var sql = await database.BeginAsync(cancellation);
        var group = await sql.ScalarAsync<long>("INSERT INTO watched_word_groups (action, created_at, updated_at) VALUES ($1, $2, $2) RETURNING id", [(int)action, viewer.Now], cancellation);
        var replacement = await ReplacementAsync(sql, action, given, viewer, baseUrl, cancellation);
        foreach (var word in words)
            await SaveAsync(sql, word, action, replacement, given.Flag("case_sensitive"), given.Flag("html"), group, viewer, cancellation);
        var json = await ListJsonAsync(sql, group, viewer.Settings, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Json(json);
    }

    /// <summary>What is put in the word's place: text, an address, or tags.</summary>
    static async Task<string?> ReplacementAsync(SqlSession sql, WatchedAction action, Parameters given, Viewer viewer, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var text = given.Text("replacement")?.Trim() ?? "";
        switch (action)
        {
            case WatchedAction.Replace:
                return text;
            case WatchedAction.Link:
                var url = text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal) ? text : baseUrl.Absolute("/" + text.TrimStart('/'));
                return text.Length > 0 && Uri.TryCreate(url, UriKind.Absolute, out _) ? url : throw Refused.Invalid("Replacement is not a valid address");
            case WatchedAction.Tag:
                var names = given.Node("replacement_tags") switch
                {
                    JsonArray list => list.Select(tag => (tag is JsonObject named ? named["name"] : tag)?.ToString() ?? ""),
                    JsonObject indexed => indexed.Select(pair => pair.Value?["name"]?.ToString() ?? ""),
                    _ => text.Split(','),
                };
                var tags = await TagStore.ResolveAsync(sql, [.. names.Select(name => name.Trim()).Where(name => name.Length > 0)], null, viewer, cancellation);
                return tags.Count > 0 ? string.Join(',', tags.Select(tag => tag.Name)) : throw Refused.Invalid("Replacement needs at least one tag");
            default:
                return null;
        }
    }

    static async Task SaveAsync(SqlSession sql, string word, WatchedAction action, string? replacement, bool caseSensitive, bool html, long? group, Viewer viewer, CancellationToken cancellation)
    {
        var clean = string.Join('*', word.Trim().Split('*', StringSplitOptions.RemoveEmptyEntries));
        clean = (word.Trim().StartsWith('*') ? "*" : "") + clean + (word.Trim().EndsWith('*') && clean.Length > 0 ? "*" : "");
        if (clean.Trim('*').Length == 0 || clean.Length > LongestWord)
            throw Refused.Invalid(clean.Length > LongestWord ? $"Word is too long (maximum is {LongestWord} characters)" : "Word can't be blank");
        if (await sql.ScalarAsync<int>("SELECT count(*)::int FROM watched_words WHERE action = $1", [(int)action], cancellation) >= MostPerAction)
            throw Refused.Invalid($"There are too many words for that action (maximum is {MostPerAction})");
        await sql.ExecuteAsync("""
            INSERT INTO watched_words (word, action, replacement, case_sensitive, html, watched_word_group_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (action, word) DO UPDATE SET replacement = $3, case_sensitive = $4, html = $5, watched_word_group_id = $6, updated_at = $7
            """, [clean, (int)action, replacement, caseSensitive, html, group, viewer.Now], cancellation);
        await StaffActions.LogAsync(sql, StaffAction.WatchedWordCreate, viewer.User.Id, null, viewer.Now, cancellation,
            new StaffActionDetails { Details = replacement is { Length: > 0 } ? $"{clean} → {replacement}" : clean, Context = KeyOf(action) });
    }

    static async Task<IResult> DeleteAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var gone = await database.FindAsync("DELETE FROM watched_words WHERE id = $1 RETURNING word, action", row => new { Word = row.GetString(0), Action = (WatchedAction)row.GetInt32(1) }, [id], cancellation)
            ?? throw Refused.InvalidParameters("id");
        await LogGoneAsync(database, gone.Word, gone.Action, current, time, cancellation);
        return Replies.Success();
    }

    static Task LogGoneAsync(SqlSession sql, string word, WatchedAction action, CurrentUser current, TimeProvider time, CancellationToken cancellation) =>
        StaffActions.LogAsync(sql, StaffAction.WatchedWordDestroy, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation, new StaffActionDetails { Details = word, Context = KeyOf(action) });

    /// <summary>A file with a word on each line; with a comma behind it the replacement, and behind that "true" for case.</summary>
    static async Task<IResult> UploadAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var action = ActionOf(given.Required("action_key"));
        var file = given.File("file") ?? given.File("files[]") ?? throw Refused.Missing("file");
        using var reader = new StreamReader(file.OpenReadStream());
        var count = 0;
        await using var sql = await database.BeginAsync(cancellation);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var parts = line.Split(',');
            var replaces = action is WatchedAction.Replace or WatchedAction.Link or WatchedAction.Tag;
            if (parts[0].Trim().Length == 0 || (replaces && (parts.Length < 2 || parts[1].Trim().Length == 0)))
                continue;
            await SaveAsync(sql, parts[0], action, replaces ? parts[1].Trim() : null, parts.Length > 2 && parts[2].Trim().Equals("true", StringComparison.OrdinalIgnoreCase), false, null, viewer, cancellation);
            count++;
        }

        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["words_updated"] = count });
    }

    static async Task<IResult> DownloadAsync(string key, ForumDatabase database, CancellationToken cancellation)
    {
        var lines = await database.ListAsync("SELECT word || coalesce(',' || nullif(replacement, ''), '') FROM watched_words WHERE action = $1 ORDER BY id", row => row.Text(0), [(int)ActionOf(key)], cancellation);
        return Results.File(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)), "text/csv", $"watched-words-{key}.csv");
    }

    static async Task<IResult> ClearAsync(string key, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        foreach (var word in await sql.ListAsync("DELETE FROM watched_words WHERE action = $1 RETURNING word", row => row.Text(0), [(int)ActionOf(key)], cancellation))
            await LogGoneAsync(sql, word, ActionOf(key), current, time, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }
}
