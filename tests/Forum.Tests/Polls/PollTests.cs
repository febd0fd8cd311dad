using System.Globalization;
using System.Text.Json.Nodes;

namespace Forum.Tests.Polls;

public sealed class PollTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    async Task<(string Name, ForumClient Client)> MemberAsync(bool admin = false)
    {
        var name = $"voter{Interlocked.Increment(ref _names)}";
        await app.AddUserAsync(name, admin: admin, trustLevel: 2);
        return (name, await app.ApiAsync(name));
    }

    static async Task<JsonObject> AskAsync(ForumClient client, string title, string attributes, params string[] options) =>
        await client.TopicAsync(title, raw: $"What do you say?\n\n[poll{attributes}]\n{string.Join('\n', options.Select(option => "* " + option))}\n[/poll]");

    static async Task<JsonNode> PollAsync(ForumClient client, JsonObject post) =>
        (await client.GetAsync($"/t/{post.TopicId()}.json")).Expect(200).Json["post_stream"]!["posts"]![0]!["polls"]![0]!;

    static string Digest(JsonNode poll, int option) => (string)poll["options"]![option]!["id"]!;

    static Task<Answer> VoteAsync(ForumClient client, JsonObject post, params string[] digests) => client.PutJsonAsync("/polls/vote.json", new JsonObject
    {
        ["post_id"] = post.Id(), ["poll_name"] = "poll", ["options"] = new JsonArray([.. digests.Select(digest => (JsonNode?)digest)]),
    });

    /// <summary>Of each option; ? is hidden.</summary>
    static string Votes(JsonNode poll) => string.Join(' ', poll["options"]!.AsArray().Select(option => option!["votes"]?.ToString() ?? "?"));

    [Fact]
    public async Task Votes_are_counted_changed_and_taken_back()
    {
        var (asker, voter) = ((await MemberAsync()).Client, await MemberAsync());
        var post = await AskAsync(asker, "Which colour should the door have?", " public=true", "Red", "Green", "Blue");
        var poll = await PollAsync(voter.Client, post);
        Assert.Equal("0 0 0", Votes(poll));

        (await VoteAsync(voter.Client, post, Digest(poll, 0))).Expect(200);
        var changed = (await VoteAsync(voter.Client, post, Digest(poll, 2))).Expect(200).Json;

        Assert.Equal("0 0 1", Votes(changed["poll"]!));
        Assert.Equal(1, (int)changed["poll"]!["voters"]!);
        Assert.Equal(voter.Name, (string)(await PollAsync(asker, post))["preloaded_voters"]![Digest(poll, 2)]![0]!["username"]!);
        Assert.Equal(Digest(poll, 2), (string)(await voter.Client.GetAsync($"/t/{post.TopicId()}.json")).Json["post_stream"]!["posts"]![0]!["polls_votes"]!["poll"]![0]!);
        var voters = (await asker.GetAsync($"/polls/voters.json?post_id={post.Id()}&poll_name=poll&option_id={Digest(poll, 2)}")).Expect(200).Json;
        Assert.Contains(voter.Name, voters.ToJsonString(), StringComparison.Ordinal);

        (await voter.Client.DeleteAsync("/polls/vote.json", ("post_id", post.Id().ToString(CultureInfo.InvariantCulture)), ("poll_name", "poll"))).Expect(200);
        Assert.Equal("0 0 0", Votes(await PollAsync(asker, post)));
        (await VoteAsync(voter.Client, post, Digest(poll, 0), Digest(poll, 1))).Expect(422);
        (await VoteAsync(voter.Client, post, "0123456789abcdef0123456789abcdef")).Expect(400);
    }

    [Theory]
    [InlineData("on_vote")]
    [InlineData("on_close")]
    public async Task Results_are_hidden_until_it_is_time(string when)
    {
        var (asker, voter, other) = ((await MemberAsync()).Client, (await MemberAsync()).Client, (await MemberAsync()).Client);
        var post = await AskAsync(asker, $"Which way do we go, seen {when} only?", $" results={when}", "Left", "Right");
        var poll = await PollAsync(voter, post);
        (await VoteAsync(voter, post, Digest(poll, 1))).Expect(200);

        Assert.Equal("? ?", Votes(await PollAsync(other, post)));
        Assert.Equal(when == "on_vote" ? "0 1" : "? ?", Votes(await PollAsync(voter, post)));

        (await asker.PutAsync("/polls/toggle_status.json", ("post_id", post.Id().ToString(CultureInfo.InvariantCulture)), ("poll_name", "poll"), ("status", "closed"))).Expect(200);
        Assert.Equal("0 1", Votes(await PollAsync(other, post)));
        (await VoteAsync(other, post, Digest(poll, 0))).Expect(422);
        (await other.PutAsync("/polls/toggle_status.json", ("post_id", post.Id().ToString(CultureInfo.InvariantCulture)), ("poll_name", "poll"), ("status", "open"))).Expect(403);
    }

    [Fact]
    public async Task Only_the_groups_of_a_poll_vote_and_several_options_have_limits()
    {
        var (admin, voter) = ((await MemberAsync(admin: true)).Client, (await MemberAsync()).Client);
        var closed = await AskAsync(admin, "Something that admins decide alone", " groups=admins", "Yes", "No");
        var poll = await PollAsync(voter, closed);
        (await VoteAsync(voter, closed, Digest(poll, 0))).Expect(422);
        (await VoteAsync(admin, closed, Digest(poll, 0))).Expect(200);

        var several = await AskAsync(admin, "Two or three of these should be enough", " type=multiple min=2 max=3", "One", "Two", "Three", "Four");
        var choices = await PollAsync(voter, several);
        (await VoteAsync(voter, several, Digest(choices, 0))).Expect(422);
        (await VoteAsync(voter, several, [.. Enumerable.Range(0, 4).Select(option => Digest(choices, option))])).Expect(422);
        Assert.Equal("1 0 1 0", Votes((await VoteAsync(voter, several, Digest(choices, 0), Digest(choices, 2))).Expect(200).Json["poll"]!));
    }
}
