namespace EndToEnd;

/// <summary>Down and up again: the data is there.</summary>
public sealed class DownTests(ForumModel model)
{
    [Fact]
    public async Task Down_stops_everything_and_up_brings_it_back_with_its_posts()
    {
        const string Password = "a-long-enough-password";
        var forum = await model.ForumUrlAsync();
        await model.AddAdminAsync("keeper@example.com", Password);
        int? topic;
        using (var visitor = await ForumVisitor.LogInAsync(forum, "keeper@example.com", Password))
        {
            topic = await visitor.PostTopicAsync("Written before the model went down", "It has to be there afterwards as well.");
        }

        Assert.NotNull(topic);
        var down = await model.DiscourseAsync("down");
        Assert.Equal(0, down.ExitCode);
        using (var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) })
        {
            await Assert.ThrowsAnyAsync<Exception>(() => http.GetAsync(forum, TestContext.Current.CancellationToken));
        }

        var up = await model.DiscourseAsync("up");

        Assert.True(up.ExitCode == 0, up.Output + up.Errors);
        using var again = await ForumVisitor.LogInAsync(await model.ForumUrlAsync(), "keeper@example.com", Password);
        Assert.True(await again.CanReadAsync(topic.Value));
    }
}
