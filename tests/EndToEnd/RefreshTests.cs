using System.IO.Compression;

namespace EndToEnd;

/// <summary>A new build of the charm takes over a forum that runs on.</summary>
public sealed class RefreshTests(ForumModel model)
{
    [Fact]
    public async Task A_new_build_of_the_charm_leaves_the_server_running_and_every_post_there()
    {
        var visitor = await model.AdminAsync();
        var topic = await visitor.PostTopicAsync("Written before the charm was refreshed", "The same server has to show it afterwards.");
        var server = await ServerAsync();
        var revision = await RevisionAsync();
        var charm = Path.Combine(Path.GetTempPath(), $"discourse-k8s-{Guid.NewGuid():N}.charm");
        try
        {
            File.Copy(ForumModel.CharmPath("discourse-k8s"), charm);
            using (var archive = await ZipFile.OpenAsync(charm, ZipArchiveMode.Update, TestContext.Current.CancellationToken))
            {
                archive.CreateEntry("a-new-build");
            }

            Assert.Equal(0, (await model.JujuAsync("refresh", "discourse-k8s", "--path", charm)).ExitCode);
            await model.UntilAsync("the charm is the new one", async () =>
                (await model.JujuAsync("ssh", "discourse-k8s/0", "ls agents/unit-discourse-k8s-0/charm/a-new-build")).ExitCode == 0);
            await model.SettleAsync();
        }
        finally
        {
            File.Delete(charm);
        }

        Assert.Equal(revision + 1, await RevisionAsync());
        Assert.Equal(server, await ServerAsync());
        Assert.True(await visitor.CanReadAsync(topic!.Value));
    }

    async Task<string> ServerAsync() =>
        (await model.JujuAsync("ssh", "--container", "discourse", "discourse-k8s/0", "pgrep -f '[d]iscourse serve'")).Text;

    async Task<int> RevisionAsync() =>
        (await model.StatusAsync()).GetProperty("applications").GetProperty("discourse-k8s").GetProperty("charm-rev").GetInt32();
}
