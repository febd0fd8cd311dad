using System.Runtime.InteropServices;

namespace Pebble.Processes;

/// <summary>
/// Starts children and takes note of their end, and of the end of orphans which this process adopts as PID 1 or child
/// subreaper. The only one here who waits for processes: nothing else in this program may start any.
/// </summary>
sealed unsafe class Reaper : IDisposable
{
    const int SetChildSubreaper = 36;
    const int DoNotBlock = 1;

    readonly Lock gate = new();
    readonly Dictionary<int, TaskCompletionSource<int>> children = [];
    PosixSignalRegistration? registration;

    /// <summary>From now on orphans below this process are adopted by it.</summary>
    public void Start()
    {
        if (Libc.prctl(SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            Logger.Notice($"Cannot adopt orphaned processes: {Libc.LastErrorText()}");
        }

        registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Reap());
    }

    /// <exception cref="SpawnError">It could not be started.</exception>
    public ChildProcess Spawn(SpawnRequest request)
    {
        // Under the lock, so that its end cannot be noticed before it is known.
        lock (gate)
        {
            var id = Spawner.Start(request);
            var exit = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            children[id] = exit;
            return new ChildProcess(id, exit.Task);
        }
    }

    public void Dispose() => registration?.Dispose();

    void Reap()
    {
        lock (gate)
        {
            int status;
            int id;
            while ((id = Libc.waitpid(-1, &status, DoNotBlock)) > 0)
            {
                if (children.Remove(id, out var exit))
                {
                    exit.SetResult(ExitCode(status));
                }
            }
        }
    }

    static int ExitCode(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }
}
