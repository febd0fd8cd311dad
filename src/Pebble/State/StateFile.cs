using System.Buffers;
using Pebble.Processes;

namespace Pebble.State;

/// <summary>
/// The state on disk, replaced as a whole: written beside, synced, renamed, folder synced. One thread writes; whoever has
/// modified the state meanwhile shares the next write.
/// </summary>
sealed class StateFile(string path, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);
    static readonly TimeSpan RetryLimit = TimeSpan.FromMinutes(5);

    readonly Lock gate = new();
    readonly SemaphoreSlim requested = new(0);
    readonly ArrayBufferWriter<byte> buffer = new(1 << 14);
    readonly List<(long Version, TaskCompletionSource Saved)> waiting = [];
    readonly string temporary = path + ".new~";
    DaemonState? state;
    Thread? thread;
    long saved;
    bool pending;
    volatile bool stopping;

    public bool Exists => File.Exists(path);

    public byte[] Read() => File.ReadAllBytes(path);

    /// <summary>From now on what <paramref name="of"/> requests is written.</summary>
    public void Start(DaemonState of)
    {
        state = of;
        thread = new Thread(WriteUntilStopped, 256 * 1024) { Name = "state", IsBackground = true };
        thread.Start();
    }

    public void Request()
    {
        lock (gate)
        {
            if (pending)
            {
                return;
            }

            pending = true;
        }

        requested.Release();
    }

    public ValueTask SavedAsync(long version, CancellationToken cancellation)
    {
        if (Volatile.Read(ref saved) >= version)
        {
            return ValueTask.CompletedTask;
        }

        lock (gate)
        {
            if (saved >= version)
            {
                return ValueTask.CompletedTask;
            }

            var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((version, wait));
            return new ValueTask(wait.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>Writes what is still to be written, then ends the thread.</summary>
    public void Dispose()
    {
        stopping = true;
        requested.Release();
        thread?.Join();
        requested.Dispose();
    }

    void WriteUntilStopped()
    {
        while (true)
        {
            requested.Wait();
            lock (gate)
            {
                if (!pending)
                {
                    if (stopping)
                    {
                        return;
                    }

                    continue;
                }

                pending = false;
            }

            buffer.ResetWrittenCount();
            var version = state!.Snapshot(buffer);
            WriteWithRetries();
            Saved(version);
        }
    }

    void Saved(long version)
    {
        List<TaskCompletionSource> done = [];
        lock (gate)
        {
            Volatile.Write(ref saved, version);
            waiting.RemoveAll(each =>
            {
                if (each.Version <= version)
                {
                    done.Add(each.Saved);
                }

                return each.Version <= version;
            });
        }

        done.ForEach(each => each.SetResult());
    }

    void WriteWithRetries()
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                Write();
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Logger.Notice($"Cannot write state file, retrying: {e.Message}");
                if (clock.GetElapsedTime(began) > RetryLimit)
                {
                    Environment.FailFast($"cannot save the state: {e.Message}");
                }

                if (stopping)
                {
                    return;
                }

                requested.Wait(RetryInterval);
            }
        }
    }

    void Write()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(buffer.WrittenSpan);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        Folders.Sync(Path.GetDirectoryName(path)!);
    }
}
