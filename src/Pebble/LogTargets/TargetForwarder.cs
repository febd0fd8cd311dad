using System.Threading.Channels;
using Pebble.Logs;

namespace Pebble.LogTargets;

/// <summary>
/// Follows the logs of the services that go to one target and hands them to its sink, which is flushed a second after the
/// first line or when a batch is full. One loop owns the sink; while it sends, those that follow wait, and the services'
/// own buffers hold what is written meanwhile.
/// </summary>
sealed class TargetForwarder : IDisposable
{
    static readonly TimeSpan FlushDelay = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FollowersGrace = TimeSpan.FromSeconds(2);
    static readonly TimeSpan FinalFlushTimeout = TimeSpan.FromSeconds(2);

    readonly string target;
    readonly LogSink sink;
    readonly TimeProvider clock;
    readonly Channel<LogEntry> queue = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(1) { SingleReader = true });

    readonly Dictionary<string, Follower> followers = [];
    readonly Lock gate = new();
    readonly Task loop;

    public TargetForwarder(string target, LogSink sink, TimeProvider clock)
    {
        this.target = target;
        this.sink = sink;
        this.clock = clock;
        loop = Task.Run(LoopAsync);
    }

    /// <summary>From now on the service's lines go here; if they do already, only its labels may change.</summary>
    public void Follow(string service, LogBuffer logs, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        sink.SetLabels(service, labels);
        lock (gate)
        {
            if (followers.TryGetValue(service, out var present) && present.Logs == logs)
            {
                return;
            }

            present?.Stop.Cancel();
            var stop = new CancellationTokenSource();
            followers[service] = new Follower(logs, stop, FollowAsync(logs, stop.Token));
        }
    }

    public void Unfollow(string service)
    {
        lock (gate)
        {
            if (followers.Remove(service, out var follower))
            {
                follower.Stop.Cancel();
            }
        }
    }

    /// <summary>Sends what is still to be sent, as far as that is possible in a moment.</summary>
    public async Task StopAsync()
    {
        Task[] following;
        lock (gate)
        {
            foreach (var follower in followers.Values)
            {
                follower.Stop.Cancel();
            }

            following = [.. followers.Values.Select(follower => follower.Done)];
        }

        await Task.WhenAny(Task.WhenAll(following), Task.Delay(FollowersGrace, clock));
        queue.Writer.TryComplete();
        await Task.WhenAny(loop, Task.Delay(FollowersGrace + FinalFlushTimeout, clock));
    }

    public void Dispose() => sink.Dispose();

    /// <summary>When told to stop it still hands over what was written until then.</summary>
    async Task FollowAsync(LogBuffer logs, CancellationToken stop)
    {
        var position = logs.End;
        await Task.Yield();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await logs.WaitAsync(position, stop);
                }
                catch (OperationCanceledException)
                {
                    // What is there is read once more below.
                }

                foreach (var entry in logs.Read(ref position))
                {
                    await queue.Writer.WriteAsync(entry, CancellationToken.None);
                }
            }
        }
        catch (ChannelClosedException)
        {
            // The daemon ends, and the grace is over.
        }
    }

    async Task LoopAsync()
    {
        var collected = 0;
        long? firstAt = null;
        var reader = queue.Reader;
        while (await WaitAsync(reader, firstAt) is { } more)
        {
            while (more && reader.TryRead(out var entry))
            {
                sink.Add(entry);
                firstAt ??= clock.GetTimestamp();
                if (++collected >= LogSink.MostEntries)
                {
                    break;
                }
            }

            if (collected >= LogSink.MostEntries || (firstAt is { } first && clock.GetElapsedTime(first) >= FlushDelay))
            {
                await FlushAsync(CancellationToken.None);
                (collected, firstAt) = (0, null);
            }
        }

        using var deadline = new CancellationTokenSource(FinalFlushTimeout, clock);
        await FlushAsync(deadline.Token);
    }

    /// <summary>True: there is something to read; false: it is time to flush; null: there will be nothing more.</summary>
    async Task<bool?> WaitAsync(ChannelReader<LogEntry> reader, long? firstAt)
    {
        if (firstAt is not { } first)
        {
            return await reader.WaitToReadAsync() ? true : null;
        }

        var left = FlushDelay - clock.GetElapsedTime(first);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(left, clock);
        try
        {
            return await reader.WaitToReadAsync(deadline.Token) ? true : null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task FlushAsync(CancellationToken cancellation)
    {
        try
        {
            await sink.FlushAsync(cancellation);
        }
        catch (LogSinkException e)
        {
            Logger.Notice($"Cannot flush logs to target \"{target}\": {e.Message}");
        }
        catch (OperationCanceledException)
        {
            Logger.Notice($"Cannot flush logs to target \"{target}\": timed out");
        }
    }

    sealed record Follower(LogBuffer Logs, CancellationTokenSource Stop, Task Done);
}
