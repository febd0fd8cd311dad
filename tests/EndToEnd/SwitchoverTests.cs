using System.Collections.Concurrent;
using System.Text.Json;

namespace EndToEnd;

/// <summary>Another PostgreSQL unit becomes the primary while people post.</summary>
public sealed class SwitchoverTests(ForumModel model)
{
    [Fact]
    public async Task No_acknowledged_post_is_lost_when_the_primary_moves()
    {
        var visitor = await model.AdminAsync();
        await ScaleAsync(2);
        var standby = (await model.RunActionAsync("postgresql-k8s/0", "get-primary")).GetProperty("primary").GetString() == "postgresql-k8s/0"
            ? "postgresql-k8s/1" : "postgresql-k8s/0";
        JsonElement result = default;
        await LosesNoPostAsync(visitor, async () => result = await model.RunActionAsync(standby, "promote-to-primary"));

        Assert.Equal(standby, result.GetProperty("primary").GetString());
    }

    [Fact]
    public async Task Up_again_keeps_the_units_and_a_primary_that_is_removed_hands_over_without_losing_a_post()
    {
        var visitor = await model.AdminAsync();
        await ScaleAsync(2);
        var up = await model.DiscourseAsync("up");
        Assert.Equal(2, ForumModel.UnitsOf(await model.StatusAsync(), "postgresql-k8s").Count());
        Assert.Contains("postgresql-k8s keeps its 2 units", up.Errors, StringComparison.Ordinal);
        if ((await model.RunActionAsync("postgresql-k8s/0", "get-primary")).GetProperty("primary").GetString() != "postgresql-k8s/1")
        {
            await model.RunActionAsync("postgresql-k8s/1", "promote-to-primary");
            await model.SettleAsync();
        }

        var failures = await FailuresAsync();
        await LosesNoPostAsync(visitor, async () =>
        {
            Assert.Equal(0, (await model.JujuAsync("scale-application", "postgresql-k8s", "1")).ExitCode);
            await model.UntilAsync("one database unit is left", async () => ForumModel.UnitsOf(await model.StatusAsync(), "postgresql-k8s").Count() == 1);
        });

        Assert.Equal("postgresql-k8s/0", (await model.RunActionAsync("postgresql-k8s/0", "get-primary")).GetProperty("primary").GetString());
        Assert.Equal(failures, await FailuresAsync());
    }

    [Fact]
    public async Task A_restored_backup_has_what_was_written_before_it_and_the_forum_goes_on_with_it()
    {
        await ScaleAsync(1);
        var visitor = await model.AdminAsync();
        var before = await visitor.PostTopicAsync("Written before the backup was taken", "This has to be there after the backup is restored.");
        var backup = (await model.RunActionAsync("postgresql-k8s/0", "create-backup")).GetProperty("backup-id").GetString();
        var after = await visitor.PostTopicAsync("Written after the backup was taken", "This is gone when the backup is restored.");
        Assert.NotNull(before);
        Assert.NotNull(after);

        var result = await model.RunActionAsync("postgresql-k8s/0", "restore", $"backup-id={backup}");
        await model.SettleAsync();
        await model.UntilAsync("the forum writes to the restored database", async () =>
            await visitor.PostTopicAsync($"Written after the backup was restored {Guid.NewGuid()}", "The forum goes on by itself.") is not null);

        Assert.Equal("restored", result.GetProperty("restore-status").GetString());
        Assert.True(await visitor.CanReadAsync(before.Value));
    }

    async Task ScaleAsync(int units)
    {
        Assert.Equal(0, (await model.JujuAsync("scale-application", "postgresql-k8s", $"{units}")).ExitCode);
        await model.UntilAsync($"there are {units} database units", async () =>
            ForumModel.UnitsOf(await model.StatusAsync(), "postgresql-k8s").Count() == units);
        await model.SettleAsync();
    }

    // Hooks of the unit that stays, which ended with an error.
    async Task<string> FailuresAsync() =>
        (await model.JujuAsync("debug-log", "--replay", "--no-tail", "--include", "postgresql-k8s/0", "--level", "ERROR")).Text;

    /// <summary>Posts all the time while something is done; every post that was acknowledged has to be there afterwards.</summary>
    async Task LosesNoPostAsync(ForumVisitor visitor, Func<Task> change)
    {
        using var stop = new CancellationTokenSource();
        ConcurrentBag<int> acknowledged = [];
        var writer = Task.Run(async () =>
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                if (await visitor.PostTopicAsync($"Written while the primary moves, {Guid.NewGuid()}", $"The text of number {n}, which has to stay.") is { } topic)
                {
                    acknowledged.Add(topic);
                }
            }
        });
        await change();
        await model.UntilAsync("a post can be written after the primary moved", async () =>
            await visitor.PostTopicAsync($"Written after the primary moved {Guid.NewGuid()}", "The new primary takes writes.") is not null);
        await stop.CancelAsync();
        await writer;
        await model.SettleAsync();

        Assert.NotEmpty(acknowledged);
        foreach (var topic in acknowledged)
        {
            Assert.True(await visitor.CanReadAsync(topic), $"topic {topic} was acknowledged and is not there");
        }
    }
}
