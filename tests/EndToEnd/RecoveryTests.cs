namespace EndToEnd;

/// <summary>Killing a part with -9 loses no post, and the model comes back by itself.</summary>
public sealed class RecoveryTests(ForumModel model)
{
    [Theory]
    [InlineData("the forum", "discourse", "discourse-k8s/0", "pkill -9 -f 'discourse serve'")]
    [InlineData("the exporter", "discourse", "discourse-k8s/0", "pkill -9 -f 'discourse exporter'")]
    [InlineData("Pebble", "discourse", "discourse-k8s/0", "pkill -9 -x pebble")]
    [InlineData("Redis", "redis", "redis-k8s/0", "pkill -9 -x redis-server")]
    [InlineData("PostgreSQL", "postgresql", "postgresql-k8s/0", "pkill -9 -x postgres")]
    public async Task A_killed_server_comes_back_with_every_post(string what, string container, string unit, string kill)
    {
        var visitor = await model.AdminAsync();
        var before = await visitor.PostTopicAsync($"Written before {what} was killed", "Every post that was acknowledged has to stay.");
        Assert.NotNull(before);

        await model.JujuAsync("ssh", "--container", container, unit, kill);

        await model.UntilAsync($"the post can be read after {what} was killed", () => visitor.CanReadAsync(before.Value));
        await model.UntilAsync($"a post can be written after {what} was killed", async () =>
            await visitor.PostTopicAsync($"Written after {what} was killed, take {Guid.NewGuid()}", "The forum goes on as if nothing had happened.") is not null);
        await model.SettleAsync();
    }

    [Fact]
    public async Task A_killed_hook_runs_again_and_no_post_is_lost()
    {
        var visitor = await model.AdminAsync();
        var before = await visitor.PostTopicAsync("Written before a hook was killed", "The charm is another program than the forum.");
        var killing = model.JujuAsync("ssh", "discourse-k8s/0", "for i in $(seq 500); do pkill -9 -x dispatch && exit; sleep 0.02; done; exit 1");
        await model.JujuAsync("config", "discourse-k8s", "developer_emails=someone@example.com");

        Assert.Equal(0, (await killing).ExitCode);
        await model.SettleAsync();

        Assert.Contains("was killed; it runs again", (await model.JujuAsync("debug-log", "--replay", "--no-tail", "--include", "discourse-k8s/0")).Text, StringComparison.Ordinal);
        Assert.True(await visitor.CanReadAsync(before!.Value));
    }

    [Fact]
    public async Task A_killed_controller_comes_back_with_the_next_command_and_the_forum_never_stopped()
    {
        using var http = new HttpClient();
        var status = new Uri(await model.ForumUrlAsync(), "/srv/status");
        async Task<string> StatusAsync() => await (await http.GetAsync(status, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await model.UntilAsync("the forum is itself again after the test before", async () => await StatusAsync() == "ok");

        model.KillController();

        Assert.Equal("ok", await StatusAsync());
        await model.SettleAsync();
        Assert.Equal("ok", await StatusAsync());
    }
}
