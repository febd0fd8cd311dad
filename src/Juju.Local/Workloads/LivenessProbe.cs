using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Workloads;

/// <summary>
/// What a cluster's probes do to a container: one whose Pebble does not answer, or whose checks of level <c>alive</c> are
/// down three times in a row, is ended, and its watcher starts it anew. Pebble tells of each check that fails, so nothing
/// is asked while none does. Source: the probes that Juju gives a workload container, every 5 s, three failures.
/// </summary>
sealed class LivenessProbe(Model model, string unit, string container, UnitContainers containers, TimeProvider clock)
{
    const int Failures = 3;

    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>How long a Pebble may take to answer for the first time, and how long one that has answered may be silent.</summary>
    static readonly TimeSpan Startup = TimeSpan.FromSeconds(30), Silence = TimeSpan.FromSeconds(15);

    bool isSuspect = true, hasAnswered;
    long silentSince;
    SandboxProcess? silent;

    public void Answered() => (hasAnswered, silent) = (true, null);

    /// <summary>A check failed: the probe has something to ask.</summary>
    public void Notice(HookRun? turn) => isSuspect |= turn?.Name.EndsWith("-pebble-check-failed", StringComparison.Ordinal) == true;

    /// <summary>While a check of level <c>alive</c> is down: until it is up, or the container has been ended for it.</summary>
    public async Task WatchAsync(PebbleConnection pebble, SandboxProcess process, CancellationToken cancellation)
    {
        for (var failed = 0; isSuspect; )
        {
            switch (await pebble.IsAliveAsync(cancellation))
            {
                case null:
                    return;
                case true:
                    isSuspect = false;
                    return;
                case false when ++failed == Failures:
                    await RestartAsync("liveness probe failed: a check of level alive is down", cancellation);
                    return;
            }

            await Task.Delay(Period, clock, cancellation);
            if (!process.IsRunning)
            {
                return;
            }
        }
    }

    /// <summary>Of a Pebble that does not answer: whether its container was ended for that.</summary>
    public async Task<bool> IsLostAsync(SandboxProcess process, CancellationToken cancellation)
    {
        if (silent != process)
        {
            (silent, silentSince) = (process, clock.GetTimestamp());
            return false;
        }

        if (!process.IsRunning || clock.GetElapsedTime(silentSince) < (hasAnswered ? Silence : Startup))
        {
            return false;
        }

        await RestartAsync("liveness probe failed: Pebble does not answer", cancellation);
        return true;
    }

    async Task RestartAsync(string why, CancellationToken cancellation)
    {
        model.Log.Add(UnitRecord.TagOf(unit), "WARNING", "juju.worker.caasoperator", $"container \"{container}\" is restarted: {why}");
        (isSuspect, hasAnswered, silent) = (true, false, null);
        await containers.EndAsync(container, cancellation);
    }
}
