using System.Collections.Concurrent;
using System.Diagnostics;

namespace ForumBench.Measuring;

/// <summary>Requests of several members: as many as are answered, or at a fixed pace, however slow the answers: each one's time counts from when it was due, so waiting is not hidden.</summary>
static class PacedLoad
{
    /// <summary>So many at a time, each sent when the one before is answered.</summary>
    public static async Task<Load> SaturateAsync(int atOnce, TimeSpan time, Func<int, Task> send)
    {
        var start = Stopwatch.GetTimestamp();
        var times = new ConcurrentBag<double>();
        var (number, errors) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    await send(Interlocked.Increment(ref number));
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref errors);
                }

                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }));
        double[] sorted = [.. times.Order()];
        return new Load(sorted.Length / Stopwatch.GetElapsedTime(start).TotalSeconds, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], errors);
    }

    /// <param name="perSecond">The pace; null sends each when the one before is answered.</param>
    /// <param name="send">Sends request number n, and throws when it is not answered as it should be.</param>
    public static async Task<Load> RunAsync(double? perSecond, int count, Func<int, Task> send, CancellationToken cancellation)
    {
        var times = new double[count];
        var errors = 0;
        var start = Stopwatch.GetTimestamp();
        var sent = new List<Task>(count);
        for (var number = 0; number < count; number++)
        {
            var due = perSecond is { } pace ? TimeSpan.FromSeconds(number / pace) : Stopwatch.GetElapsedTime(start);
            while (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early > TimeSpan.FromMilliseconds(1) ? early : TimeSpan.FromMilliseconds(1), cancellation);
            }

            var one = OneAsync(number, due);
            if (perSecond is null)
            {
                await one;
            }

            sent.Add(one);
        }

        await Task.WhenAll(sent);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Array.Sort(times);
        return new Load(count / took, times[count / 2], times[count * 99 / 100], errors);

        async Task OneAsync(int number, TimeSpan due)
        {
            try
            {
                await send(number);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref errors);
            }

            times[number] = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        }
    }
}
