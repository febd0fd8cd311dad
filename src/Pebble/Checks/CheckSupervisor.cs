using System.Globalization;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.State;

namespace Pebble.Checks;

/// <summary>
/// Runs the checks of the plan: each as a change, perform-check until it has failed too often, then recover-check until
/// it succeeds. Locks are taken in the order state, then checks.
/// </summary>
/// <remarks>Source: the health checks reference; the rest observed.</remarks>
sealed class CheckSupervisor
{
    const string Perform = "perform-check";
    const string Recover = "recover-check";

    readonly Lock gate = new();
    readonly SortedDictionary<string, HealthCheck> checks = new(StringComparer.Ordinal);

    /// <summary>The configuration that each running change was made with.</summary>
    readonly Dictionary<string, CheckConfig> configs = [];
    readonly Daemon daemon;
    readonly CheckRunner runner;

    public CheckSupervisor(Daemon daemon)
    {
        this.daemon = daemon;
        runner = new CheckRunner(daemon);
        daemon.Runner.AddHandler(Perform, PerformAsync);
        daemon.Runner.AddHandler(Recover, RecoverAsync);
        daemon.State.ChangeUpdated += ChangeUpdated;
        daemon.Plan.Changed += PlanChanged;
    }

    public IReadOnlyList<CheckView> List()
    {
        lock (gate)
        {
            return [.. checks.Values.Select(each => each.View())];
        }
    }

    /// <summary>Starts those that are stopped, and returns their names.</summary>
    /// <exception cref="PlanError">The plan has no such check.</exception>
    public IReadOnlyList<string> Start(IReadOnlyList<string> names)
    {
        var plan = daemon.Plan.Current;
        RequireKnown(plan, names);
        List<string> started = [];
        using (daemon.State.Enter())
        {
            foreach (var name in names.Where(name => Find(name) is { ChangeId: "" }))
            {
                Begin(Merge(plan, plan.Checks[name]), Perform, previous: "", 0, 0);
                started.Add(name);
            }

            daemon.Runner.EnsureLocked();
        }

        return started;
    }

    /// <summary>Stops those that run, and returns their names. Their counts stay as they are.</summary>
    /// <exception cref="PlanError">The plan has no such check.</exception>
    public IReadOnlyList<string> Stop(IReadOnlyList<string> names)
    {
        var plan = daemon.Plan.Current;
        RequireKnown(plan, names);
        List<string> stopped = [];
        using (daemon.State.Enter())
        {
            foreach (var name in names)
            {
                if (Find(name) is not { ChangeId.Length: > 0 } check)
                {
                    continue;
                }

                daemon.State.FindChange(check.ChangeId)?.Abort();
                Update(plan.Checks[name], "", check.PreviousChangeId, check.Successes, check.Failures);
                stopped.Add(name);
            }

            daemon.Runner.EnsureLocked();
        }

        return stopped;
    }

    /// <summary>At a replan: checks that should run by themselves do.</summary>
    public void StartEnabled() => Start([.. daemon.Plan.Current.Checks.Values.Where(each => each.StartsByItself).Select(each => each.Name)]);

    /// <summary>Runs a check now; what was wrong, or null.</summary>
    public async Task<string?> RefreshAsync(CheckConfig config, CancellationToken cancellation)
    {
        TaskCompletionSource<string?>? answer = null;
        lock (gate)
        {
            if (checks.TryGetValue(config.Name, out var check) && check.ChangeId.Length > 0)
            {
                answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
                check.Refreshes.Writer.TryWrite(new RefreshRequest(answer));
            }
        }

        return answer is null
            ? await runner.RunAsync(Merge(daemon.Plan.Current, config), cancellation)
            : await answer.Task.WaitAsync(cancellation);
    }

    public CheckView? Find(string name)
    {
        lock (gate)
        {
            return checks.GetValueOrDefault(name)?.View();
        }
    }

    static void RequireKnown(CombinedPlan plan, IReadOnlyList<string> names)
    {
        var missing = names.Where(name => !plan.Checks.ContainsKey(name)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
        {
            throw new PlanError($"cannot find checks in plan: {string.Join(", ", missing)}");
        }
    }

    void PlanChanged(CombinedPlan plan)
    {
        using (daemon.State.Enter())
        {
            List<CheckConfig> toStart = [];
            HashSet<string> kept = [];
            foreach (var change in daemon.State.Changes.Where(each => each.Kind is Perform or Recover && !each.IsReady).ToArray())
            {
                if (!TryConfigOf(change.Id, out var old))
                {
                    // Left from before the daemon was started.
                    change.Abort();
                    continue;
                }

                if (plan.Checks.TryGetValue(old.Name, out var now))
                {
                    kept.Add(old.Name);
                    if (PlanYaml.Write(old) == PlanYaml.Write(Merge(plan, now)) || (!now.StartsByItself && old.StartsByItself))
                    {
                        continue;
                    }

                    toStart.Add(now);
                }

                change.Abort();
                Remove(old.Name);
            }

            foreach (var name in List().Select(each => each.Name).Where(name => !plan.Checks.ContainsKey(name)))
            {
                Remove(name);
            }

            foreach (var check in plan.Checks.Values.Where(each => !kept.Contains(each.Name)))
            {
                if (check.StartsByItself)
                {
                    toStart.Add(check);
                }
                else
                {
                    Update(check, "", "", 0, 0);
                }
            }

            toStart.ForEach(each => Begin(Merge(plan, each), Perform, previous: "", 0, 0));
            daemon.Runner.EnsureLocked();
        }
    }

    /// <summary>A check that failed too often begins to recover; one that recovered is performed again.</summary>
    void ChangeUpdated(Change change)
    {
        if (change.Kind is not (Perform or Recover) || !change.Status.IsReady() || change.Tasks.Count != 1)
        {
            return;
        }

        if (!TryConfigOf(change.Id, out var config))
        {
            return;
        }

        lock (gate)
        {
            configs.Remove(change.Id);
        }

        var task = change.Tasks[0];
        if (task.Values.Has("proceed"))
        {
            var next = change.Kind == Perform ? Recover : Perform;
            Begin(config, next, change.Id, Count(task, "successes"), Count(task, "failures"));
        }
    }

    /// <summary>Under the state's lock; the caller lets the runner start it.</summary>
    void Begin(CheckConfig config, string kind, string previous, int successes, int failures)
    {
        var type = config.Http is not null ? "HTTP" : config.Tcp is not null ? "TCP" : "exec";
        var summary = $"{(kind == Perform ? "Perform" : "Recover")} {type} check {GoQuote.Quote(config.Name)}";
        var task = daemon.State.NewTask(kind, summary);
        var change = daemon.State.NewChange(kind, summary, new Dictionary<string, string> { ["check-name"] = config.Name });
        change.Values.SetJson("check-no-prune", "true");
        SetCounts(task, successes, failures);
        change.AddTask(task);
        lock (gate)
        {
            configs[change.Id] = config;
        }

        Update(config, change.Id, previous, successes, failures);
    }

    async Task PerformAsync(ChangeTask task, CancellationToken cancellation)
    {
        var (config, check, previous) = Running(task);
        var (successes, failures) = (0, 0);
        while (await NextAsync(check, config, cancellation) is { } refresh)
        {
            var error = await runner.RunAsync(config, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                refresh.Answer.TrySetResult(error);
                return;
            }

            if (error is null)
            {
                successes++;
                Counted(config, task, previous, success: true, successes, 0);
                if (failures > 0)
                {
                    Note(task, successes, 0, log: each => each.LogInfo($"succeeded after {failures} {(failures == 1 ? "failure" : "failures")}"));
                }

                failures = 0;
                refresh.Answer.TrySetResult(null);
                continue;
            }

            failures++;
            Logger.Notice($"Check {GoQuote.Quote(config.Name)} failure {failures}/{config.Threshold}: {error}");
            if (failures >= config.Threshold)
            {
                Logger.Notice($"Check {GoQuote.Quote(config.Name)} threshold {config.Threshold} hit, triggering action and recovering");
                CountFailure(config.Name);
                Note(task, successes, failures, log: each => each.Values.SetJson("proceed", "true"));
                daemon.Services.CheckFailed(config.Name);
                refresh.Answer.TrySetResult(error);
                throw new TaskFailure(error);
            }

            Note(task, successes, failures, log: each => each.LogError(error));
            Counted(config, task, previous, success: false, successes, failures);
            refresh.Answer.TrySetResult(error);
        }
    }

    async Task RecoverAsync(ChangeTask task, CancellationToken cancellation)
    {
        var (config, check, previous) = Running(task);
        int successes;
        int failures;
        using (daemon.State.Enter())
        {
            (successes, failures) = (Count(task, "successes"), Count(task, "failures"));
        }

        while (await NextAsync(check, config, cancellation) is { } refresh)
        {
            var error = await runner.RunAsync(config, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                refresh.Answer.TrySetResult(error);
                return;
            }

            if (error is null)
            {
                lock (gate)
                {
                    check.SuccessCount++;
                }

                Note(task, 1, 0, log: each => each.Values.SetJson("proceed", "true"));
                refresh.Answer.TrySetResult(null);
                return;
            }

            failures++;
            Logger.Notice($"Check {GoQuote.Quote(config.Name)} failure {failures}/{config.Threshold}: {error}");
            Note(task, successes, failures, log: each => each.LogError(error));
            Counted(config, task, previous, success: false, successes, failures);
            refresh.Answer.TrySetResult(error);
        }
    }

    /// <summary>Waits for the next turn, or for a request to have it now; null when the check is stopped.</summary>
    static async Task<RefreshRequest?> NextAsync(HealthCheck check, CheckConfig config, CancellationToken cancellation)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        turn.CancelAfter(config.EffectivePeriod < CheckRunner.Longest ? config.EffectivePeriod : CheckRunner.Longest);
        try
        {
            return await check.Refreshes.Reader.ReadAsync(turn.Token);
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? null : new RefreshRequest(new());
        }
    }

    (CheckConfig Config, HealthCheck Check, string Previous) Running(ChangeTask task)
    {
        string id;
        using (daemon.State.Enter())
        {
            id = task.Change!.Id;
        }

        lock (gate)
        {
            return configs.TryGetValue(id, out var config) && checks.TryGetValue(config.Name, out var check)
                ? (config, check, check.PreviousChangeId)
                : throw new TaskFailure("check was running when the daemon ended");
        }
    }

    void Note(ChangeTask task, int successes, int failures, Action<ChangeTask> log)
    {
        using (daemon.State.Enter())
        {
            SetCounts(task, successes, failures);
            log(task);
            daemon.State.MarkModified();
        }
    }

    void Counted(CheckConfig config, ChangeTask task, string previous, bool success, int successes, int failures)
    {
        lock (gate)
        {
            if (checks.TryGetValue(config.Name, out var check) && check.ChangeId == task.Change!.Id)
            {
                check.SuccessCount += success ? 1 : 0;
                check.FailureCount += success ? 0 : 1;
                check.Update(config, check.ChangeId, previous, successes, failures);
            }
        }
    }

    void CountFailure(string name)
    {
        lock (gate)
        {
            if (checks.TryGetValue(name, out var check))
            {
                check.FailureCount++;
            }
        }
    }

    void Update(CheckConfig config, string changeId, string previous, int successes, int failures)
    {
        lock (gate)
        {
            if (!checks.TryGetValue(config.Name, out var check))
            {
                check = checks[config.Name] = new HealthCheck(config.Name);
            }

            check.Update(config, changeId, previous, successes, failures);
        }
    }

    void Remove(string name)
    {
        lock (gate)
        {
            checks.Remove(name);
        }
    }

    bool TryConfigOf(string changeId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CheckConfig? config)
    {
        lock (gate)
        {
            return configs.TryGetValue(changeId, out config);
        }
    }

    /// <summary>An exec check with what it takes from its service.</summary>
    static CheckConfig Merge(CombinedPlan plan, CheckConfig check) =>
        check.Exec is { ServiceContext.Length: > 0 } exec && plan.Services.TryGetValue(exec.ServiceContext, out var service)
            ? check with { Exec = ServiceContext.Merge(service, exec) }
            : check;

    static void SetCounts(ChangeTask task, int successes, int failures)
    {
        task.Values.Set("successes", successes);
        task.Values.Set("failures", failures);
    }

    static int Count(ChangeTask task, string name) => int.Parse(task.Values.Json(name) ?? "0", CultureInfo.InvariantCulture);
}
