using System.Runtime.InteropServices;

namespace Pebble.Processes;

/// <summary>
/// Starts children and takes note of their end, and of the end of orphans which this process adopts as PID 1 or child
/// subreaper. The only one here who waits for processes: nothing else in this program may start any.
/// </summary>
/// <remarks>
/// A thread waits rather than a handler of SIGCHLD: as PID 1 the runtime's own handler, which comes with any other,
/// reaps every child before its exit code can be read.
/// </remarks>
sealed unsafe class Reaper
{
    const int SetChildSubreaper = 36;
    const int AnyChild = 0;
    const int DoNotBlock = 1;
    const int Exited = 4;
    const int LeaveIt = 0x1000000;
    const int SignalInfoSize = 128;
    const int StackSize = 128 * 1024;

    /// <summary>
    /// How often is looked for children while there are none: only somebody who enters the container from outside can
    /// leave orphans then.
    /// </summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    readonly object gate = new();
    readonly Dictionary<int, TaskCompletionSource<int>> children = [];
    long spawned;

    /// <summary>From now on orphans below this process are adopted by it, and the end of children is noticed.</summary>
    public void Start()
    {
        if (Libc.prctl(SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            Logger.Notice($"Cannot adopt orphaned processes: {Libc.LastErrorText()}");
        }

        new Thread(Run, StackSize) { IsBackground = true, Name = "reaper" }.Start();
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
            spawned++;
            Monitor.Pulse(gate);
            return new ChildProcess(id, exit.Task);
        }
    }

    void Run()
    {
        var info = stackalloc byte[SignalInfoSize];
        while (true)
        {
            // Only looks: the process stays until its id is known to be one of ours.
            var before = Volatile.Read(ref spawned);
            var found = Libc.waitid(AnyChild, 0, info, Exited | LeaveIt) == 0;
            var error = found ? 0 : Marshal.GetLastPInvokeError();
            lock (gate)
            {
                if (found)
                {
                    Reap();
                }
                else if (error == Libc.NoChild && spawned == before)
                {
                    Monitor.Wait(gate, LookInterval);
                }
            }
        }
    }

    void Reap()
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

    static int ExitCode(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal;
    }
}
