using System.Globalization;
using System.Text.Json.Nodes;

namespace Forum.Tests.Security;

/// <summary>A forum with something to hide: topics of every kind, each with a word that stands nowhere else, and readers of every kind.</summary>
public sealed class Secrets : IAsyncLifetime
{
    readonly Dictionary<string, ForumClient> _readers = [];

    internal ForumApp App { get; private set; } = null!;

    /// <summary>By kind: open, closed, archived, hidden (a group's category), staff, seen (everyone may only read), message, deleted.</summary>
    internal Dictionary<string, (int Topic, int Post, string Word)> Topics { get; } = [];

    /// <summary>visitor, tl0 to tl4, member (of the group), recipient (of the message), moderator, admin.</summary>
    internal IReadOnlyDictionary<string, ForumClient> Readers => _readers;

    public async ValueTask InitializeAsync()
    {
        App = await ForumApp.StartAsync(new() { ["DISCOURSE_RATE_LIMIT_SEARCH_ANON_USER_PER_MINUTE"] = "100000", ["DISCOURSE_RATE_LIMIT_SEARCH_USER_PER_MINUTE"] = "100000",
            ["DISCOURSE_RATE_LIMIT_CREATE_POST"] = "0", ["DISCOURSE_RATE_LIMIT_NEW_USER_CREATE_POST"] = "0", ["DISCOURSE_RATE_LIMIT_CREATE_TOPIC"] = "0", ["DISCOURSE_UNIQUE_POSTS_MINS"] = "0" });
        foreach (var name in (string[])["author", "member", "recipient"])
        {
            await App.AddUserAsync(name);
        }

        _readers["visitor"] = App.Anonymous();
        // A page from the cache would hide who is asked.
        _readers["visitor"].Headers.Add("Cookie", "_bypass_cache=1");
        foreach (var level in Enumerable.Range(0, 5))
        {
            _readers[$"tl{level}"] = await App.SignInAsync(await App.AddUserAsync($"level{level}", trustLevel: level));
        }

        _readers["moderator"] = await App.SignInAsync(await App.AddUserAsync("mod", moderator: true));
        _readers["admin"] = await App.SignInAsync(await App.AddUserAsync("boss", admin: true));
        _readers["member"] = await App.SignInAsync(await IdAsync("member"));
        _readers["recipient"] = await App.SignInAsync(await IdAsync("recipient"));
        using var admin = await App.ApiAsync("boss");
        await admin.PostAsync("/admin/groups.json", ("group[name]", "insiders"), ("group[usernames]", "author,member"));
        await WriteAsync(admin);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Dispose();
        }

        await App.DisposeAsync();
    }

    async Task<int> IdAsync(string username) => await App.Database.ScalarAsync<int>("SELECT id FROM users WHERE username_lower = $1", [username], ForumApp.Cancellation);

    async Task WriteAsync(ForumClient admin)
    {
        using var author = await App.ApiAsync("author");
        var hidden = await CategoryAsync(admin, "Hidden", ("permissions[insiders]", "1"));
        var seen = await CategoryAsync(admin, "Seen", ("permissions[everyone]", "3"), ("permissions[staff]", "1"));
        Topics["open"] = await AddAsync(author, "open", "zebrafinch", Writing.General);
        Topics["closed"] = await AddAsync(author, "closed", "yellowhammer", Writing.General);
        Topics["archived"] = await AddAsync(author, "archived", "xantusmurrelet", Writing.General);
        Topics["deleted"] = await AddAsync(author, "deleted", "whimbrelwing", Writing.General);
        Topics["hidden"] = await AddAsync(author, "hidden", "veerythrush", hidden);
        Topics["staff"] = await AddAsync(admin, "staff", "umbrellabird", 3);
        Topics["seen"] = await AddAsync(admin, "seen", "treepipitsong", seen);
        var message = await author.PostJsonAsync("/posts.json", new JsonObject
        {
            ["title"] = "Only for one of you: sandpiperbeak", ["raw"] = "Nobody else may read of the sandpiperbeak here.", ["archetype"] = "private_message", ["target_recipients"] = "recipient",
        });
        Topics["message"] = (message.Expect(200).Json.TopicId(), message.Json.Id(), "sandpiperbeak");
        foreach (var status in (string[])["closed", "archived"])
        {
            (await admin.PutAsync($"/t/{Topics[status].Topic}/status.json", ("status", status), ("enabled", "true"))).Expect(200);
        }

        Assert.True((await admin.DeleteAsync($"/t/{Topics["deleted"].Topic}.json")).Status < 300);
    }

    static async Task<int> CategoryAsync(ForumClient admin, string name, params (string, string)[] permissions) =>
        (await admin.PostAsync("/categories.json", [("name", name), ("color", "AA0000"), ("text_color", "FFFFFF"), .. permissions])).Expect(200).Json["category"]!.Id();

    static async Task<(int, int, string)> AddAsync(ForumClient author, string kind, string word, int category)
    {
        var post = await author.TopicAsync(string.Create(CultureInfo.InvariantCulture, $"A topic that is {kind}: {word}"), category, $"The word of the topic that is {kind} is {word}, and **no other**.");
        return (post.TopicId(), post.Id(), word);
    }
}
