using System.Text.Json.Nodes;
using Forum.MessageBus;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.MessageBus;

public sealed class BusTests(ForumApp app) : IClassFixture<ForumApp>
{
    Forum.MessageBus.MessageBus Bus => app.Services.GetRequiredService<Forum.MessageBus.MessageBus>();

    [Fact]
    public async Task A_poll_gets_what_was_published_after_its_last_message()
    {
        await Bus.PublishAsync("/test/one", "first", BusAudience.Everyone, ForumApp.Cancellation);
        await Bus.PublishAsync("/test/one", "second", BusAudience.Everyone, ForumApp.Cancellation);

        var messages = await PollAsync(app.Anonymous(), ("/test/one", "1"));

        Assert.Equal("second", (string?)Assert.Single(messages)!["data"]);
    }

    [Fact]
    public async Task Five_hundred_readers_wait_and_each_is_told()
    {
        // Each asks for many channels, as a browser does; a chunk says at once where they are.
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 600 }) { BaseAddress = app.Address };
        var readers = new List<(HttpResponseMessage Answer, StreamReader Text)>();
        foreach (var number in Enumerable.Range(0, 500))
        {
            var form = new FormUrlEncodedContent(Enumerable.Range(0, 8).Select(channel => new KeyValuePair<string, string>($"/test/many/{channel}", "-1")));
            var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/message-bus/reader{number}/poll") { Content = form }, HttpCompletionOption.ResponseHeadersRead, ForumApp.Cancellation);
            var text = new StreamReader(await answer.Content.ReadAsStreamAsync(ForumApp.Cancellation));
            Assert.Contains("__status", await text.ReadLineAsync(ForumApp.Cancellation), StringComparison.Ordinal);
            readers.Add((answer, text));
        }

        await Bus.PublishAsync("/test/many/5", "to all", BusAudience.Everyone, ForumApp.Cancellation);

        foreach (var (answer, text) in readers)
        {
            string? line;
            do
            {
                line = await text.ReadLineAsync(ForumApp.Cancellation);
            }
            while (line is not null && !line.Contains("to all", StringComparison.Ordinal));

            Assert.NotNull(line);
            text.Dispose();
            answer.Dispose();
        }
    }

    [Fact]
    public async Task A_new_client_learns_where_the_channel_is()
    {
        await Bus.PublishAsync("/test/two", "before", BusAudience.Everyone, ForumApp.Cancellation);

        var messages = await PollAsync(app.Anonymous(), ("/test/two", "-1"));

        Assert.Equal("/__status", (string?)messages[0]!["channel"]);
        Assert.Equal(1, (int)messages[0]!["data"]!["/test/two"]!);
    }

    [Fact]
    public async Task A_message_for_others_is_not_shown()
    {
        await Bus.PublishAsync("/test/three", "secret", new BusAudience { UserIds = [12345] }, ForumApp.Cancellation);

        var messages = await PollAsync(app.Anonymous(), ("/test/three", "0"));

        Assert.DoesNotContain(messages, message => (string?)message!["channel"] == "/test/three");
    }

    [Fact]
    public async Task A_waiting_poll_is_answered_when_another_unit_publishes()
    {
        await using var other = await ForumApp.StartAsync(new Dictionary<string, string>
        {
            ["TEST_CONNECTION_STRING"] = app.ConnectionString, ["DISCOURSE_REDIS_DB"] = app.Globals.Text("redis_db", null)!,
        });
        using var client = app.Anonymous();
        client.Headers.Add("Dont-Chunk", "true");
        var poll = client.PostAsync("/message-bus/abcdef/poll", ("/test/four", "0"));

        await other.Services.GetRequiredService<Forum.MessageBus.MessageBus>().PublishAsync("/test/four", "live", BusAudience.Everyone, ForumApp.Cancellation);

        Assert.Equal("live", (string?)JsonNode.Parse((await poll).Expect(200).Body)![0]!["data"]);
    }

    static async Task<JsonArray> PollAsync(ForumClient client, params (string, string)[] channels)
    {
        using (client)
        {
            return JsonNode.Parse((await client.PostAsync("/message-bus/0123456789abcdef/poll?dlp=t", channels)).Expect(200).Body)!.AsArray();
        }
    }
}
