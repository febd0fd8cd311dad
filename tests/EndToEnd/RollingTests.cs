using System.Collections.Concurrent;

namespace EndToEnd;

/// <summary>Three units serve one forum, and are replaced while people read.</summary>
public sealed class RollingTests(ForumModel model)
{
    [Fact]
    public async Task Three_units_are_replaced_one_after_the_other_and_no_request_fails()
    {
        var forum = await model.ForumUrlAsync();
        var topic = await (await model.AdminAsync()).PostTopicAsync("Read while the units are replaced", "Every one of the units has to show it.");
        Assert.Equal(0, (await model.JujuAsync("scale-application", "discourse-k8s", "3")).ExitCode);
        await model.UntilAsync("there are three units", async () => ForumModel.UnitsOf(await model.StatusAsync(), "discourse-k8s").Count() == 3);
        await model.SettleAsync();
        var before = await ContainersAsync();

        await using var reader = new Reader(new Uri(forum, $"/t/{topic}.json"));
        Assert.Equal(0, (await model.JujuAsync("attach-resource", "discourse-k8s", "discourse-image=out/rocks/discourse.yaml")).ExitCode);
        await model.UntilAsync("every unit's container is another", async () => !(await ContainersAsync()).Intersect(before).Any());
        await model.SettleAsync();
        Assert.Equal(0, (await model.JujuAsync("scale-application", "discourse-k8s", "1")).ExitCode);
        await model.UntilAsync("there is one unit", async () => ForumModel.UnitsOf(await model.StatusAsync(), "discourse-k8s").Count() == 1);
        await model.SettleAsync();
        await reader.StopAsync();

        Assert.Equal(3, before.Count);
        Assert.True(reader.Answers > 20, $"only {reader.Answers} requests were answered");
        Assert.Empty(reader.Failures);
    }

    // When the first process of each unit's workload container started; one that is being replaced has none.
    async Task<IReadOnlyList<string>> ContainersAsync()
    {
        var found = new List<string>();
        for (var unit = 0; unit < 3; unit++)
        {
            var started = await model.JujuAsync("ssh", "--container", "discourse", $"discourse-k8s/{unit}", "cut -d ' ' -f 22 /proc/1/stat");
            found.Add($"unit {unit}: {started.Output}");
        }

        return found;
    }

    /// <summary>Visitors without cookies, who meet any unit.</summary>
    sealed class Reader : IAsyncDisposable
    {
        readonly CancellationTokenSource stop = new();
        readonly Task[] reading;
        int answers;

        public Reader(Uri page) => reading = [ReadAsync(page), ReadAsync(page)];

        public int Answers => answers;

        public ConcurrentBag<string> Failures { get; } = [];

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }

        async Task ReadAsync(Uri page)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var answer = await http.GetAsync(page);
                    if (answer.IsSuccessStatusCode)
                    {
                        Interlocked.Increment(ref answers);
                    }
                    else
                    {
                        Failures.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    }
                }
                catch (HttpRequestException failed)
                {
                    Failures.Add(failed.Message);
                }

                await Task.Delay(50);
            }
        }
    }
}
