using System.Collections.Concurrent;
using System.Text;

namespace Pebble.Tests.State;

public sealed class CrashTests
{
    const int Rounds = 12;
    const int Writers = 4;

    [Fact]
    public async Task Killed_at_any_moment_it_has_lost_nothing_that_was_answered()
    {
        await using var daemon = new TestDaemon();
        var answered = new ConcurrentBag<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await daemon.StartAsync("--hold");
            var moment = TimeSpan.FromMilliseconds(Random.Shared.Next(1, 120));
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(daemon, $"example.com/r{round}w{writer}", answered)).ToArray();
            // Every second round at any moment after the start, the others once it has begun to answer.
            var before = answered.Count;
            while (round % 2 == 1 && answered.Count == before)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(moment, TestContext.Current.CancellationToken);
            await daemon.KillAsync();
            await Task.WhenAll(writers);
        }

        await daemon.StartAsync("--hold");
        var kept = (await daemon.GetAsync("/v1/notices?types=custom")).Result.EnumerateArray().Select(each => each.GetProperty("key").GetString()!).ToHashSet();

        Assert.NotEmpty(answered);
        Assert.Empty(answered.Except(kept));
    }

    /// <summary>One notice after the other until the daemon is gone.</summary>
    static async Task WriteAsync(TestDaemon daemon, string prefix, ConcurrentBag<string> answered)
    {
        using var client = TestDaemon.MakeClient(daemon.SocketPath);
        try
        {
            for (var number = 0; ; number++)
            {
                var key = $"{prefix}/n{number}";
                using var response = await client.PostAsync("/v1/notices",
                    new StringContent($$"""{"action":"add","type":"custom","key":"{{key}}"}""", Encoding.UTF8, "application/json"));
                response.EnsureSuccessStatusCode();
                answered.Add(key);
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
    }
}
