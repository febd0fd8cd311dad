using System.Globalization;
using System.Text.Json.Nodes;

namespace Forum.Tests.Reading;

/// <summary>What a member has read, what is new and unread for them, and what they hear of.</summary>
public sealed class ReadTrackingTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    static CancellationToken Cancellation => ForumApp.Cancellation;

    async Task<(int Id, string Name, ForumClient Client)> MemberAsync()
    {
        var name = $"reader{Interlocked.Increment(ref _names)}";
        return (await app.AddUserAsync(name, trustLevel: 3), name, await app.ApiAsync(name));
    }

    static Task<Answer> ReadAsync(ForumClient client, int topic, params int[] posts) => client.PostAsync(
        "/topics/timings.json",
        [("topic_id", topic.ToString(CultureInfo.InvariantCulture)), ("topic_time", "4000"), .. posts.Select(post => ($"timings[{post}]", "2000"))]);

    async Task<(int Level, int? LastRead)> StateAsync(int user, int topic) => await app.Database.FindAsync(
        "SELECT notification_level, last_read_post_number FROM topic_users WHERE user_id = $1 AND topic_id = $2",
        row => (row.GetInt32(0), row.IsDBNull(1) ? (int?)null : row.GetInt32(1)), [user, topic], Cancellation);

    static async Task<HashSet<int>> ListAsync(ForumClient client, string list) =>
        [.. (await client.GetAsync($"/{list}.json")).Expect(200).Json["topic_list"]!["topics"]!.AsArray().Select(topic => (int)topic!["id"]!)];

    Task<List<int>> ToldAsync(int user, int topic) => app.Database.ListAsync(
        "SELECT notification_type FROM notifications WHERE user_id = $1 AND topic_id = $2 ORDER BY id", row => row.GetInt32(0), [user, topic], Cancellation);

    [Fact]
    public async Task A_topic_is_new_then_read_then_unread_for_who_tracks_it()
    {
        var (writer, reader) = (await MemberAsync(), await MemberAsync());
        var topic = (await writer.Client.TopicAsync("A topic that is new for everybody else")).TopicId();
        Assert.Contains(topic, await ListAsync(reader.Client, "new"));
        Assert.DoesNotContain(topic, await ListAsync(writer.Client, "new"));

        (await ReadAsync(reader.Client, topic, 1)).Expect(200);

        Assert.Equal(1, (await StateAsync(reader.Id, topic)).LastRead);
        Assert.DoesNotContain(topic, await ListAsync(reader.Client, "new"));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT posts_read_count FROM user_stats WHERE user_id = $1", [reader.Id], Cancellation));
        Assert.Equal((1, 4), await app.Database.FindAsync("SELECT posts_read, time_read FROM user_visits WHERE user_id = $1", row => (row.GetInt32(0), row.GetInt32(1)), [reader.Id], Cancellation));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT reads FROM posts WHERE topic_id = $1 AND post_number = 1", [topic], Cancellation));

        (await reader.Client.PostAsync($"/t/{topic}/notifications.json", ("notification_level", "2"))).Expect(200);
        await writer.Client.ReplyAsync(topic, "A reply that the reader has not seen yet.");

        Assert.Contains(topic, await ListAsync(reader.Client, "unread"));
        var state = (await reader.Client.GetAsync($"/u/{reader.Name}/topic-tracking-state.json")).Expect(200).Json["data"]!.AsArray().Single(one => (int)one!["topic_id"]! == topic)!;
        Assert.Equal((1, 2, 2), ((int)state["last_read_post_number"]!, (int)state["highest_post_number"]!, (int)state["notification_level"]!));

        (await ReadAsync(reader.Client, topic, 2)).Expect(200);
        Assert.DoesNotContain(topic, await ListAsync(reader.Client, "unread"));

        (await reader.Client.DeleteAsync($"/t/{topic}/timings.json?last=1")).Expect(200);
        Assert.Equal(1, (await StateAsync(reader.Id, topic)).LastRead);
        Assert.Contains(topic, await ListAsync(reader.Client, "unread"));
    }

    [Fact]
    public async Task Timings_of_posts_that_are_not_there_and_of_others_topics_count_nothing()
    {
        var (writer, reader, stranger) = (await MemberAsync(), await MemberAsync(), await MemberAsync());
        var topic = (await writer.Client.TopicAsync("A topic with one post and no more")).TopicId();
        var message = (await writer.Client.MessageAsync(reader.Name, "A message that strangers do not read")).TopicId();

        (await ReadAsync(reader.Client, topic, 1, 7, 100_000)).Expect(200);
        (await ReadAsync(stranger.Client, message, 1)).Expect(404);

        Assert.Equal(1, (await StateAsync(reader.Id, topic)).LastRead);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("SELECT count(*) FROM post_timings WHERE topic_id = $1 AND user_id = $2", [message, stranger.Id], Cancellation));
    }

    [Fact]
    public async Task Reading_long_enough_tracks_and_reading_a_post_reads_its_notification()
    {
        var (writer, reader) = (await MemberAsync(), await MemberAsync());
        var topic = (await writer.Client.TopicAsync($"A topic that mentions @{reader.Name} once", raw: $"Look here, @{reader.Name}, this is for you.")).TopicId();
        Assert.Equal([1], await ToldAsync(reader.Id, topic));
        await app.Database.ExecuteAsync("UPDATE user_options SET auto_track_topics_after_msecs = 3000 WHERE user_id = $1", [reader.Id], Cancellation);

        (await ReadAsync(reader.Client, topic, 1)).Expect(200);

        Assert.Equal(2, (await StateAsync(reader.Id, topic)).Level);
        Assert.True(await app.Database.ScalarAsync<bool>("SELECT bool_and(read) FROM notifications WHERE user_id = $1 AND topic_id = $2", [reader.Id, topic], Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Only_watching_a_topic_tells_of_each_post_and_a_muted_one_not_even_of_mentions(int level)
    {
        var (writer, reader) = (await MemberAsync(), await MemberAsync());
        var topic = (await writer.Client.TopicAsync($"A topic followed at level number {level}")).TopicId();
        (await reader.Client.PostAsync($"/t/{topic}/notifications.json", ("notification_level", level.ToString(CultureInfo.InvariantCulture)))).Expect(200);

        await writer.Client.ReplyAsync(topic, $"A reply that some hear of, at {level}.");
        await writer.Client.ReplyAsync(topic, $"A word to @{reader.Name} in the topic, at {level}.");

        Assert.Equal(level switch { 0 => [], 3 => [9, 1], _ => (int[])[1] }, await ToldAsync(reader.Id, topic));
    }

    [Theory]
    [InlineData("category", 3, new[] { 9, 9 })]
    [InlineData("category", 4, new[] { 17 })]
    [InlineData("category", 2, new int[0])]
    [InlineData("tag", 3, new[] { 9, 9 })]
    [InlineData("tag", 4, new[] { 17 })]
    [InlineData("tag", 2, new int[0])]
    public async Task Watching_a_category_or_a_tag_tells_of_its_topics_before_and_after_they_were_read(string what, int level, int[] told)
    {
        var (writer, reader) = (await MemberAsync(), await MemberAsync());
        var tag = $"followed{Interlocked.Increment(ref _names)}";
        await writer.Client.TopicAsync($"The first topic with the tag {tag}", raw: null, tags: [tag]);
        (await (what == "category"
            ? reader.Client.PostAsync($"/category/{Writing.General}/notifications.json", ("notification_level", level.ToString(CultureInfo.InvariantCulture)))
            : reader.Client.PutJsonAsync($"/tag/{tag}/notifications.json", new JsonObject { ["tag_notification"] = new JsonObject { ["notification_level"] = level } }))).Expect(200);

        var topic = (await writer.Client.TopicAsync($"Another topic with the tag {tag} on it", raw: null, tags: [tag])).TopicId();
        (await ReadAsync(reader.Client, topic, 1)).Expect(200);
        await writer.Client.ReplyAsync(topic, "A reply after the reader was here already.");

        Assert.Equal(told, await ToldAsync(reader.Id, topic));
        Assert.Equal(level is 2 or 3 ? level : 1, (await StateAsync(reader.Id, topic)).Level);
        Assert.Equal(level is 2 or 3, (await ListAsync(reader.Client, "unread")).Contains(topic));

        (await reader.Client.PostAsync($"/t/{topic}/notifications.json", ("notification_level", "1"))).Expect(200);
        await writer.Client.ReplyAsync(topic, "A reply after the reader chose not to watch this.");
        Assert.Equal(told, await ToldAsync(reader.Id, topic));
    }

    [Fact]
    public async Task A_muted_category_is_in_no_list_of_new_topics()
    {
        var (writer, reader) = (await MemberAsync(), await MemberAsync());
        (await reader.Client.PostAsync($"/category/{Writing.General}/notifications.json", ("notification_level", "0"))).Expect(200);

        var topic = (await writer.Client.TopicAsync("A topic in a category that one has muted")).TopicId();

        Assert.DoesNotContain(topic, await ListAsync(reader.Client, "new"));
        Assert.DoesNotContain(topic, await ListAsync(reader.Client, "latest"));
        Assert.DoesNotContain((await reader.Client.GetAsync($"/u/{reader.Name}/topic-tracking-state.json")).Expect(200).Json["data"]!.AsArray(), one => (int)one!["topic_id"]! == topic);
    }
}
