using Pebble.Logs;
using Pebble.Plan;
using Pebble.Processes;

namespace Pebble.Services;

/// <summary>
/// One service's life: a state machine that is moved by requests, timers and the end of its process. All members are
/// used under the supervisor's lock.
/// </summary>
/// <remarks>States, delays and messages are those documented in "Service auto-restart" and observed.</remarks>
sealed class Service(ServiceSupervisor supervisor, ServiceConfig config, Workload? workload)
{
    /// <summary>A service that runs as long counts as started.</summary>
    static readonly TimeSpan OkayDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long after KILL a process may take to go.</summary>
    public static readonly TimeSpan FailDelay = TimeSpan.FromSeconds(5);

    const int Term = 15;
    const int Kill = 9;

    readonly LogBuffer logs = new(config.Name, supervisor.Clock);
    ChildProcess? process;
    ITimer? resetTimer;
    TimeSpan backoff;
    int backoffNumber;
    bool isRestarting;

    public ServiceConfig Config { get; set; } = config;

    public Workload? Workload { get; set; } = workload;

    public LogBuffer Logs => logs;

    public ServiceState State { get; private set; }

    /// <summary>When the status word last changed; null before the first start.</summary>
    public DateTimeOffset? CurrentSince { get; private set; }

    public long StartCount { get; private set; }

    /// <summary>Ends when the start is known to have succeeded (null) or failed (why).</summary>
    public TaskCompletionSource<string?> Started { get; private set; } = new();

    /// <summary>Ends when the service has stopped (null) or can't be (why).</summary>
    public TaskCompletionSource<string?> Stopped { get; private set; } = new();

    string Name => Config.Name;

    /// <summary>Back to the beginning, for a start that was asked for.</summary>
    public void Reset()
    {
        (backoff, backoffNumber) = (TimeSpan.Zero, 0);
        Move(ServiceState.Initial);
    }

    /// <exception cref="SpawnError">It cannot be started.</exception>
    public void Start()
    {
        if (State != ServiceState.Initial)
        {
            throw new SpawnError($"cannot start service while {StateName}");
        }

        Started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Launch();
        }
        catch (SpawnError)
        {
            Move(ServiceState.Stopped);
            throw;
        }

        Move(ServiceState.Starting);
        After(OkayDelay, process!, () =>
        {
            if (State == ServiceState.Starting)
            {
                Started.TrySetResult(null);
                Move(ServiceState.Running);
            }
        });
    }

    /// <exception cref="SpawnError">It is in no state to be stopped.</exception>
    public void Stop()
    {
        Stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        switch (State)
        {
            case ServiceState.Starting:
                Started.TrySetResult("stopped before the 1s okay delay");
                Terminate(restarting: false);
                break;
            case ServiceState.Running:
                Terminate(restarting: false);
                break;
            case ServiceState.Backoff:
                Logger.Notice($"Service \"{Name}\" stopped while waiting for backoff");
                Stopped.TrySetResult(null);
                Move(ServiceState.Stopped);
                break;
            default:
                throw new SpawnError($"cannot stop service while {StateName}");
        }
    }

    /// <summary>The start was given up by its user. Returns what became of it.</summary>
    public string AbortStart()
    {
        Move(ServiceState.Stopped);
        return process!.SignalGroup(Kill)
            ? "start aborted, sent SIGKILL to process"
            : $"start aborted, but cannot send SIGKILL to process: {Libc.LastErrorText()}";
    }

    /// <summary>It had ended by itself, and now is stopped.</summary>
    public void AcceptExit() => Move(ServiceState.Stopped);

    /// <exception cref="SpawnError">It is not running, or the signal can't be sent.</exception>
    public void Signal(int signal, string signalName)
    {
        if (State is not (ServiceState.Starting or ServiceState.Running))
        {
            throw new SpawnError("service is not running");
        }

        Logger.Notice($"Sending {signalName} to service \"{Name}\"");
        if (!process!.Signal(signal))
        {
            throw new SpawnError(process.Exit.IsCompleted ? Libc.ErrorText(Libc.NoSuchProcess) : Libc.LastErrorText());
        }
    }

    /// <summary>A check named in on-check-failure has failed. Nothing happens within the first second, nor once stopped.</summary>
    public void CheckFailed(string action)
    {
        if (State is not (ServiceState.Running or ServiceState.Backoff or ServiceState.Exited))
        {
            return;
        }

        const string Reason = "on-check-failure";
        switch (action)
        {
            case "shutdown":
                Logger.Notice($"Service \"{Name}\" {Reason} action is \"{action}\", triggering failure shutdown");
                supervisor.Shutdown(Shutdown.CheckFailure);
                break;
            case "success-shutdown":
                Logger.Notice($"Service \"{Name}\" {Reason} action is \"{action}\", triggering success shutdown");
                supervisor.Shutdown(Shutdown.Success);
                break;
            case "restart" when State == ServiceState.Running:
                Logger.Notice($"Service \"{Name}\" {Reason} action is \"{action}\", terminating process before restarting");
                Terminate(restarting: true);
                break;
            case "restart" when State == ServiceState.Backoff:
                Logger.Notice($"Service \"{Name}\" {Reason} action is \"{action}\", waiting for current backoff");
                break;
            case "restart":
                BackOff(action, Reason);
                break;
        }
    }

    string StateName => State.ToString().ToLowerInvariant();

    void Move(ServiceState next, bool restarting = false)
    {
        if (State.Word() != next.Word() || CurrentSince is null)
        {
            CurrentSince = supervisor.Clock.GetUtcNow();
        }

        State = next;
        isRestarting = restarting;
    }

    void Launch()
    {
        Logger.Notice($"Service \"{Name}\" starting: {Config.Command}");
        try
        {
            process = supervisor.Launch(this, Exited);
        }
        catch (SpawnError e)
        {
            throw new SpawnError($"cannot start service: {e.Message}");
        }

        StartCount++;
        resetTimer?.Dispose();
        resetTimer = After(Config.EffectiveBackoffLimit, process, () =>
        {
            if (State == ServiceState.Running)
            {
                (backoff, backoffNumber) = (TimeSpan.Zero, 0);
            }
        });
    }

    void Terminate(bool restarting)
    {
        if (!process!.SignalGroup(Term))
        {
            Logger.Notice($"Cannot send SIGTERM to process: {Libc.LastErrorText()}");
        }

        Move(ServiceState.Terminating, restarting);
        After(Config.EffectiveKillDelay, process, () =>
        {
            if (State != ServiceState.Terminating)
            {
                return;
            }

            if (!process.SignalGroup(Kill))
            {
                Logger.Notice($"Cannot send SIGKILL to process: {Libc.LastErrorText()}");
            }

            Move(ServiceState.Killing, isRestarting);
            After(FailDelay, process, GiveUp);
        });
    }

    void GiveUp()
    {
        if (State != ServiceState.Killing)
        {
            return;
        }

        Logger.Notice($"Service \"{Name}\" still running after SIGTERM and SIGKILL");
        if (!isRestarting)
        {
            Stopped.TrySetResult("process still running after SIGTERM and SIGKILL");
        }

        Move(ServiceState.Stopped);
    }

    /// <summary>The process has ended, and all that it wrote is read.</summary>
    void Exited(ChildProcess ended, int exitCode)
    {
        if (ended != process)
        {
            return;
        }

        resetTimer?.Dispose();
        var (action, reason) = exitCode == 0
            ? (Config.OnSuccess.Or("restart"), "on-success")
            : (Config.OnFailure.Or("restart"), "on-failure");
        switch (State)
        {
            case ServiceState.Starting or ServiceState.Running:
                if (State == ServiceState.Starting)
                {
                    Started.TrySetResult($"exited quickly with code {exitCode}, will {action}");
                }

                Logger.Notice($"Service \"{Name}\" stopped unexpectedly with code {exitCode}");
                ActOnExit(action, reason, exitCode);
                break;
            case ServiceState.Terminating or ServiceState.Killing when isRestarting:
                Logger.Notice($"Service \"{Name}\" exited after check failure, restarting");
                BackOff("restart", "on-check-failure");
                break;
            case ServiceState.Terminating or ServiceState.Killing:
                Logger.Notice($"Service \"{Name}\" stopped");
                Stopped.TrySetResult(null);
                Move(ServiceState.Stopped);
                break;
        }
    }

    void ActOnExit(string action, string reason, int exitCode)
    {
        var told = $"Service \"{Name}\" {reason} action is \"{action}\"";
        switch (action)
        {
            case "ignore":
                Logger.Notice($"{told}, not doing anything further");
                Move(exitCode == 0 ? ServiceState.Stopped : ServiceState.Exited);
                break;
            case "restart":
                BackOff(action, reason);
                break;
            default:
                var isFailure = action == "failure-shutdown" || (action == "shutdown" && exitCode != 0);
                Logger.Notice($"{told}, triggering {(isFailure ? "failure" : "success")} shutdown");
                supervisor.Shutdown(isFailure ? Shutdown.ServiceFailure : Shutdown.Success);
                Move(ServiceState.Exited);
                break;
        }
    }

    void BackOff(string action, string reason)
    {
        backoffNumber++;
        backoff = NextBackoff(Config, backoff);
        Logger.Notice($"Service \"{Name}\" {reason} action is \"{action}\", waiting ~{GoDuration.Format(backoff)} before restart (backoff {backoffNumber})");
        Move(ServiceState.Backoff);
        var number = backoffNumber;
        After(backoff + ServiceSupervisor.Jitter(backoff), process!, () =>
        {
            if (State != ServiceState.Backoff || number != backoffNumber)
            {
                return;
            }

            try
            {
                Launch();
                Move(ServiceState.Running);
            }
            catch (SpawnError e)
            {
                Logger.Notice(e.Message);
            }
        });
    }

    public static TimeSpan NextBackoff(ServiceConfig config, TimeSpan current)
    {
        if (current == TimeSpan.Zero)
        {
            return config.EffectiveBackoffDelay;
        }

        var next = current * config.EffectiveBackoffFactor;
        return current >= config.EffectiveBackoffLimit || next > config.EffectiveBackoffLimit ? config.EffectiveBackoffLimit : next;
    }

    /// <summary>Acts after a while, unless another process runs by then.</summary>
    ITimer After(TimeSpan delay, ChildProcess of, Action act) => supervisor.After(delay, () =>
    {
        if (process == of)
        {
            act();
        }
    });
}
