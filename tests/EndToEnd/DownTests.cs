namespace EndToEnd;

/// <summary>Down and up again: the data is there.</summary>
public sealed class DownTests(ForumModel model)
{
    [Fact]
    public async Task Down_stops_everything_and_up_brings_it_back_with_its_posts()
    {
        var forum = await model.ForumUrlAsync();
        var topic = await (await model.AdminAsync()).PostTopicAsync("Written before the model went down", "It has to be there afterwards as well.");
        Assert.NotNull(topic);
        var down = await model.DiscourseAsync("down");
        Assert.Equal(0, down.ExitCode);
        Assert.False(await AnswersAsync(forum));

        var up = await model.DiscourseAsync("up");

        Assert.True(up.ExitCode == 0, up.Output + up.Errors);
        Assert.True(await (await model.LogInAgainAsync()).CanReadAsync(topic.Value));
    }

    // Somebody else, such as a proxy on the way out, may answer for an address that is nobody's any more.
    static async Task<bool> AnswersAsync(Uri forum)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            return await http.GetStringAsync(new Uri(forum, "/srv/status"), TestContext.Current.CancellationToken) == "ok";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
