using Pebble.Formats;
using Pebble.Logs;
using Pebble.Plan;
using Pebble.Processes;
using Pebble.State;

namespace Pebble.Services;

/// <summary>All services that were started at some time, behind one lock.</summary>
sealed class ServiceSupervisor
{
    const int MostInactive = 100;
    const int ShownLogLines = 20;

    readonly Lock gate = new();
    readonly SortedDictionary<string, Service> services = new(StringComparer.Ordinal);
    readonly Daemon daemon;

    public ServiceSupervisor(Daemon daemon)
    {
        this.daemon = daemon;
        daemon.Runner.AddHandler("start", StartAsync);
        daemon.Runner.AddHandler("stop", StopAsync);
    }

    public TimeProvider Clock => daemon.Clock;

    /// <summary>Called when a service was started, with its configuration: its logs may be sent elsewhere from now on.</summary>
    public event Action<ServiceConfig, LogBuffer>? Launched;

    /// <summary>State and start of each service that was ever started, or null.</summary>
    public (ServiceState State, DateTimeOffset? Since)? Find(string name)
    {
        lock (gate)
        {
            return services.TryGetValue(name, out var service) ? (service.State, service.CurrentSince) : null;
        }
    }

    public LogBuffer? LogsOf(string name)
    {
        lock (gate)
        {
            return services.TryGetValue(name, out var service) ? service.Logs : null;
        }
    }

    /// <summary>Name, whether active, and starts of each service, by name.</summary>
    public IReadOnlyList<(string Name, bool IsActive, long Starts)> Counts()
    {
        lock (gate)
        {
            return [.. services.Select(each => (each.Key, each.Value.State.Word() == "active", each.Value.StartCount))];
        }
    }

    /// <summary>Every service that may still run or start by itself.</summary>
    public IReadOnlySet<string> Alive()
    {
        lock (gate)
        {
            return services.Values
                .Where(each => each.State is ServiceState.Starting or ServiceState.Running or ServiceState.Backoff)
                .Select(each => each.Config.Name)
                .ToHashSet();
        }
    }

    /// <summary>The longest that stopping everything may take.</summary>
    public TimeSpan StopTimeout()
    {
        lock (gate)
        {
            var longest = services.Values
                .Where(each => each.State is ServiceState.Starting or ServiceState.Running or ServiceState.Terminating)
                .Select(each => each.Config.EffectiveKillDelay)
                .Append(ServiceConfig.DefaultKillDelay)
                .Max();
            return longest + Service.FailDelay + TimeSpan.FromMilliseconds(100);
        }
    }

    /// <summary>Services whose configuration is not the one they were started with; they get the new one.</summary>
    public IReadOnlyList<string> TakeChanged(CombinedPlan plan)
    {
        List<string> changed = [];
        lock (gate)
        {
            foreach (var (name, service) in services)
            {
                if (plan.Services.TryGetValue(name, out var config))
                {
                    var workload = plan.Workloads.GetValueOrDefault(config.Workload);
                    if (PlanYaml.Write(config, workload) == PlanYaml.Write(service.Config, service.Workload))
                    {
                        continue;
                    }

                    (service.Config, service.Workload) = (config, workload);
                }

                changed.Add(name);
            }
        }

        return changed;
    }

    /// <summary>Sends a signal to each; returns what went wrong.</summary>
    public IReadOnlyList<string> Signal(IReadOnlyList<string> names, string signalName)
    {
        List<string> errors = [];
        lock (gate)
        {
            foreach (var name in names)
            {
                try
                {
                    var service = services.GetValueOrDefault(name) ?? throw new SpawnError("service is not running");
                    service.Signal(SignalFor(service, signalName), signalName);
                }
                catch (SpawnError e)
                {
                    errors.Add($"cannot send signal to {GoQuote.Quote(name)}: {e.Message}");
                }
            }
        }

        return errors;
    }

    /// <summary>A check is down: services that name it in on-check-failure act.</summary>
    public void CheckFailed(string check)
    {
        lock (gate)
        {
            foreach (var service in services.Values)
            {
                if (service.Config.OnCheckFailure.Find(check) is { } action)
                {
                    service.CheckFailed(action);
                }
            }
        }
    }

    /// <summary>Forgets services that have been inactive long, or are too many.</summary>
    public void Prune(TimeSpan age)
    {
        lock (gate)
        {
            var inactive = services.Where(each => each.Value.State.Word() == "inactive").OrderBy(each => each.Value.CurrentSince).ToArray();
            var limit = Clock.GetUtcNow() - age;
            for (var index = 0; index < inactive.Length; index++)
            {
                if (inactive[index].Value.CurrentSince < limit || inactive.Length - index > MostInactive)
                {
                    services.Remove(inactive[index].Key);
                }
            }
        }
    }

    public void Shutdown(Shutdown shutdown) => daemon.Restarts.Request(shutdown);

    /// <summary>Up to a tenth of the time, by chance, so that services do not all come back at once.</summary>
    public static TimeSpan Jitter(TimeSpan time) => time * (Random.Shared.NextDouble() * 0.1);

    /// <summary>Acts under the lock after a while.</summary>
    public ITimer After(TimeSpan delay, Action act)
    {
        var longest = TimeSpan.FromDays(40);
        return Clock.CreateTimer(
            _ =>
            {
                lock (gate)
                {
                    act();
                }
            },
            null,
            delay < TimeSpan.Zero ? TimeSpan.Zero : delay > longest ? longest : delay,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts a service's process; <paramref name="exited"/> is called under the lock when it is over and its output read.</summary>
    public ChildProcess Launch(Service service, Action<ChildProcess, int> exited)
    {
        var config = service.Config;
        var request = ServiceProcess.Request(config, service.Workload, daemon.BaseEnvironment);
        // Before it runs: its first line is to be followed, too.
        Launched?.Invoke(config, service.Logs);
        var (process, ended) = ServiceProcess.Start(daemon, request, service.Logs, config.EffectiveKillDelay);
        // Never here: the process may be over already, and its caller does not know it yet.
        _ = Task.Run(async () =>
        {
            var exitCode = await ended;
            lock (gate)
            {
                exited(process, exitCode);
            }
        });
        return process;
    }

    async Task StartAsync(ChangeTask task, CancellationToken cancellation)
    {
        string name;
        using (daemon.State.Enter())
        {
            // It was running when the daemon ended: whether it was started cannot be known.
            if (task.Values.Has("started"))
            {
                throw new TaskFailure("service already started, not retrying");
            }

            name = ServiceTasks.ServiceOf(task);
        }

        var plan = daemon.Plan.Current;
        if (!plan.Services.TryGetValue(name, out var config))
        {
            throw new TaskFailure($"cannot find service {GoQuote.Quote(name)} in plan");
        }

        if (PrepareStart(config, plan.Workloads.GetValueOrDefault(config.Workload)) is not { } service)
        {
            AddLog(task, $"Service {GoQuote.Quote(name)} already started.");
            return;
        }

        using (daemon.State.Enter())
        {
            task.Values.SetJson("started", "true");
            daemon.State.MarkModified();
        }

        Task<string?> started;
        lock (gate)
        {
            service.Start();
            started = service.Started.Task;
        }

        try
        {
            if (await started.WaitAsync(cancellation) is { } error)
            {
                AddLog(task, $"Most recent service output:\n{LastLines.Of(service.Logs, ShownLogLines, "    ")}");
                throw new TaskFailure($"service start attempt: {error}");
            }
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                throw new TaskFailure(service.AbortStart());
            }
        }
    }

    async Task StopAsync(ChangeTask task, CancellationToken cancellation)
    {
        string name;
        using (daemon.State.Enter())
        {
            name = ServiceTasks.ServiceOf(task);
        }

        Task<string?> stopped;
        lock (gate)
        {
            var service = services.GetValueOrDefault(name);
            var told = service?.State switch
            {
                null => "has never been started.",
                ServiceState.Terminating or ServiceState.Killing => "already stopping.",
                ServiceState.Stopped => "already stopped.",
                ServiceState.Exited => "had already exited.",
                _ => null,
            };
            if (service?.State == ServiceState.Exited)
            {
                service.AcceptExit();
            }

            if (told is not null)
            {
                stopped = Task.FromResult<string?>(told);
                AddLog(task, $"Service {GoQuote.Quote(name)} {told}");
                return;
            }

            service!.Stop();
            stopped = service.Stopped.Task;
        }

        // The signals are sent: an abort can't take them back, so it is no reason to end earlier.
        if (await stopped is { } error)
        {
            throw new TaskFailure($"cannot stop service: {error}");
        }
    }

    /// <summary>The service in a state to be started, or null if it runs.</summary>
    Service? PrepareStart(ServiceConfig config, Workload? workload)
    {
        lock (gate)
        {
            if (!services.TryGetValue(config.Name, out var service))
            {
                return services[config.Name] = new Service(this, config, workload);
            }

            (service.Config, service.Workload) = (config, workload);
            switch (service.State)
            {
                case ServiceState.Initial or ServiceState.Starting or ServiceState.Running:
                    return null;
                case ServiceState.Backoff or ServiceState.Stopped or ServiceState.Exited:
                    service.Reset();
                    return service;
                default:
                    return service;
            }
        }
    }

    void AddLog(ChangeTask task, string text)
    {
        using (daemon.State.Enter())
        {
            task.LogInfo(text);
        }
    }

    static int SignalFor(Service service, string name) =>
        service.State is ServiceState.Starting or ServiceState.Running
            ? Signals.Number(name) ?? throw new SpawnError($"invalid signal name {GoQuote.Quote(name)}")
            : 0;
}
