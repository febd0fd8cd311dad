using System.Collections.Concurrent;

namespace EndToEnd;

/// <summary>Another PostgreSQL unit becomes the primary while people post.</summary>
public sealed class SwitchoverTests(ForumModel model)
{
    [Fact]
    public async Task No_acknowledged_post_is_lost_when_the_primary_moves()
    {
        var visitor = await model.AdminAsync();
        Assert.Equal(0, (await model.JujuAsync("add-unit", "postgresql-k8s")).ExitCode);
        await model.UntilAsync("there are two database units", async () =>
            ForumModel.UnitsOf(await model.StatusAsync(), "postgresql-k8s").Count() == 2);
        await model.SettleAsync();

        using var stop = new CancellationTokenSource();
        ConcurrentBag<int> acknowledged = [];
        var writer = Task.Run(async () =>
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                if (await visitor.PostTopicAsync($"Written while the primary moves, number {n}", $"The text of number {n}, which has to stay.") is { } topic)
                {
                    acknowledged.Add(topic);
                }
            }
        });
        var standby = (await model.RunActionAsync("postgresql-k8s/0", "get-primary")).GetProperty("primary").GetString() == "postgresql-k8s/0"
            ? "postgresql-k8s/1" : "postgresql-k8s/0";
        var result = await model.RunActionAsync(standby, "promote-to-primary");
        await model.UntilAsync("a post can be written after the switchover", async () =>
            await visitor.PostTopicAsync($"Written after the primary moved {Guid.NewGuid()}", "The new primary takes writes.") is not null);
        await stop.CancelAsync();
        await writer;
        await model.SettleAsync();

        Assert.Equal(standby, result.GetProperty("primary").GetString());
        Assert.NotEmpty(acknowledged);
        foreach (var topic in acknowledged)
        {
            Assert.True(await visitor.CanReadAsync(topic), $"topic {topic} was acknowledged and is not there");
        }
    }
}
