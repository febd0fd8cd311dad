using Pebble.Formats;
using Pebble.Plan;
using Pebble.State;

namespace Pebble.Checks;

/// <summary>
/// Runs the checks of the plan: each as a change, perform-check until it has failed too often, then recover-check until
/// it succeeds. Locks are taken in the order state, then register.
/// </summary>
/// <remarks>Source: the health checks reference; the rest observed.</remarks>
sealed class CheckSupervisor
{
    const string Perform = "perform-check";
    const string Recover = "recover-check";

    readonly CheckRegister checks = new();
    readonly Daemon daemon;
    readonly CheckRunner runner;

    public CheckSupervisor(Daemon daemon)
    {
        this.daemon = daemon;
        runner = new CheckRunner(daemon);
        var tasks = new CheckTasks(daemon, checks, runner);
        daemon.Runner.AddHandler(Perform, tasks.PerformAsync);
        daemon.Runner.AddHandler(Recover, tasks.RecoverAsync);
        daemon.State.ChangeUpdated += ChangeUpdated;
        daemon.Plan.Changed += PlanChanged;
    }

    public IReadOnlyList<CheckView> List() => checks.List();

    public CheckView? Find(string name) => checks.Find(name);

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
                checks.Update(plan.Checks[name], "", check.PreviousChangeId, check.Successes, check.Failures);
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
        if (checks.FindRunning(config.Name) is not { } running)
        {
            return await runner.RunAsync(Merge(daemon.Plan.Current, config), cancellation);
        }

        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        running.Refreshes.Writer.TryWrite(new RefreshRequest(answer));
        return await answer.Task.WaitAsync(cancellation);
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
                if (!checks.TryConfigOf(change.Id, out var old))
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
                checks.Remove(old.Name);
            }

            foreach (var name in List().Select(each => each.Name).Where(name => !plan.Checks.ContainsKey(name)))
            {
                checks.Remove(name);
            }

            foreach (var check in plan.Checks.Values.Where(each => !kept.Contains(each.Name)))
            {
                if (check.StartsByItself)
                {
                    toStart.Add(check);
                }
                else
                {
                    checks.Update(check, "", "", 0, 0);
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

        if (!checks.TryConfigOf(change.Id, out var config))
        {
            return;
        }

        checks.End(change.Id);
        var task = change.Tasks[0];
        if (CheckCounts.Proceeds(task))
        {
            var (successes, failures) = CheckCounts.Of(task);
            Begin(config, change.Kind == Perform ? Recover : Perform, change.Id, successes, failures);
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
        CheckCounts.Set(task, successes, failures);
        change.AddTask(task);
        checks.Begin(config, change.Id, previous, successes, failures);
    }

    /// <summary>An exec check with what it takes from its service.</summary>
    static CheckConfig Merge(CombinedPlan plan, CheckConfig check) =>
        check.Exec is { ServiceContext.Length: > 0 } exec && plan.Services.TryGetValue(exec.ServiceContext, out var service)
            ? check with { Exec = ServiceContext.Merge(service, exec) }
            : check;
}
