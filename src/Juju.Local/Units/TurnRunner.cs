using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>Runs one turn: notes it, runs the charm, and writes all it did and that it is done in one transaction.</summary>
sealed class TurnRunner(Model model, string unit, UnitContainers containers, TimeProvider clock)
{
    static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Requeue = TimeSpan.FromSeconds(1);

    /// <summary>A turn that a dead controller left behind is killed before it is run again.</summary>
    public void KillCutOff()
    {
        if (model.State.Agents.GetValueOrDefault(unit)?.Running is { ContextId.Length: > 0 } turn)
        {
            StrayProcesses.Kill(turn.ContextId);
        }
    }

    public async Task RunAsync(HookRun turn, ToolServer tools, CancellationToken cancellation)
    {
        turn = turn with { ContextId = $"{unit}-{turn.Name}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}" };
        if (turn is { Kind: HookKind.Life, Name: "upgrade-charm" })
        {
            await UpgradeFilesAsync(cancellation);
        }

        Begin(turn);
        var context = new HookContext(model, unit, turn);
        tools.Context = context;
        try
        {
            if (turn.Kind is HookKind.Action or HookKind.Command)
            {
                await RunTaskAsync(context, cancellation);
            }
            else
            {
                await RunHookAsync(context, cancellation);
            }
        }
        finally
        {
            tools.Context = null;
        }
    }

    /// <summary>A forced refresh goes past the hook that failed, which then is tried again with the new charm.</summary>
    public bool ForceUpgrade(ModelState state, UnitRecord record, AgentRecord agent)
    {
        var application = state.Applications[record.Application];
        if (agent.Failed is null || !application.ForceUnits || application.CharmCounter == agent.CharmCounter)
        {
            return false;
        }

        CharmFolder.Replace(containers.Place, state.Charms[application.CharmUrl]);
        model.Update(current => current
            .With(current.Agents[unit] with { CharmCounter = application.CharmCounter, RetryAt = model.Now })
            .With(current.Units[unit] with { CharmUrl = application.CharmUrl }));
        return true;
    }

    /// <summary>A resource that is attached replaces the containers also while a hook fails, which may be for want of it; the hook is then tried again.</summary>
    public async Task<bool> ReplaceContainersAsync(ModelState state, UnitRecord record, AgentRecord agent, CancellationToken cancellation)
    {
        if (agent.Failed is null || state.Applications[record.Application].CharmUrl != record.CharmUrl || !await containers.ReplaceStaleAsync(cancellation))
        {
            return false;
        }

        model.Update(current => current.With(current.Agents[unit] with { Attempts = 0, RetryAt = model.Now + FirstRetry }));
        return true;
    }

    /// <summary><c>resolved --no-retry</c>: the failed turn is taken as done.</summary>
    public bool ResolveBySkipping(UnitRecord record, AgentRecord agent)
    {
        if (record.Resolved == Resolution.None)
        {
            return false;
        }

        model.Update(state => agent.Failed is null
            ? state.With(state.Units[unit] with { Resolved = Resolution.None })
            : AfterTurn.Succeed(state, unit, agent.Failed, model.Now, ModelOptions.UpdateStatusInterval(state)));
        return true;
    }

    async Task RunHookAsync(HookContext context, CancellationToken cancellation)
    {
        var handler = HookProcess.FindHandler(containers.Place.Charm, context.Turn);
        if (handler is null)
        {
            Log("INFO", "juju.worker.uniter.operation", $"skipped \"{context.Turn.Name}\" hook (missing)");
            Finish(context);
            return;
        }

        var outcome = await StartAsync(context, [$"./{handler}"], null, cancellation);
        if (outcome.ExitCode == 0)
        {
            Log("INFO", "juju.worker.uniter.operation", $"ran \"{context.Turn.Name}\" hook (via {(handler == "dispatch" ? "hook dispatching script: dispatch" : "explicit, bespoke hook script")})");
            Finish(context);
        }
        else if (outcome.WasKilled)
        {
            Log("INFO", "juju.worker.uniter.operation", $"hook \"{context.Turn.Name}\" was killed; it runs again");
            await Task.Delay(Requeue, clock, cancellation);
        }
        else
        {
            Fail(context.Turn, $"hook \"{context.Turn.Name}\" (via hook dispatching script: {handler}) failed: exit status {outcome.ExitCode}");
        }
    }

    async Task RunTaskAsync(HookContext context, CancellationToken cancellation)
    {
        var task = context.Seen.Tasks[context.Turn.Task!];
        HookOutcome outcome;
        string? refused = null;
        if (task.Command is { } command)
        {
            outcome = await StartAsync(context, ["/bin/bash", "-c", command], Seconds(task.TimeoutSeconds), cancellation);
        }
        else if (HookProcess.FindHandler(containers.Place.Charm, context.Turn) is { } handler)
        {
            outcome = await StartAsync(context, [$"./{handler}"], null, cancellation);
        }
        else
        {
            refused = $"action not implemented on unit \"{unit}\"";
            outcome = new HookOutcome(1, [], []);
        }

        var results = (JsonObject)context.Results.DeepClone();
        results["return-code"] = outcome.ExitCode;
        AddOutput(results, "stdout", outcome.Output);
        AddOutput(results, "stderr", outcome.Error);
        var message = refused
            ?? (outcome.TimedOut ? "command timed out" : null)
            ?? (outcome.ExitCode != 0 && task.Command is null ? $"exit status {outcome.ExitCode}" : context.Failure ?? "");
        var isFailure = refused is not null || outcome.TimedOut || context.Failure is not null || (outcome.ExitCode != 0 && task.Command is null);
        model.Update(state =>
        {
            var flushed = outcome.ExitCode == 0 ? context.Flush(state) : state;
            var current = flushed.Tasks[task.Id];
            return flushed
                .With(current with
                {
                    Status = current.Status == "aborting" ? "aborted" : isFailure ? "failed" : "completed",
                    Message = message,
                    Results = results,
                    Completed = model.Now,
                })
                .With(flushed.Agents[unit] with { Running = null });
        });
    }

    async Task<HookOutcome> StartAsync(HookContext context, IReadOnlyList<string> command, TimeSpan? timeout, CancellationToken cancellation)
    {
        var sandbox = await containers.EnsureAsync(UnitContainers.Charm, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var killing = KillWhenForcedAsync(context.Id, ended.Token);
        try
        {
            return await new HookProcess(model, containers.Enter(sandbox), clock).RunAsync(context, command, timeout, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await killing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A unit that is removed by force does not wait for a hook that may never end.
    async Task KillWhenForcedAsync(string contextId, CancellationToken cancellation)
    {
        while (true)
        {
            var version = model.Version;
            if (model.State.Units.GetValueOrDefault(unit) is { Force: true })
            {
                StrayProcesses.Kill(contextId);
                return;
            }

            await model.WaitAsync(version, cancellation);
        }
    }

    async Task UpgradeFilesAsync(CancellationToken cancellation)
    {
        var state = model.State;
        var application = state.Applications[state.Units[unit].Application];
        if (state.Units[unit].CharmUrl == application.CharmUrl && File.Exists(Path.Combine(containers.Place.Charm, ".juju-charm")) && state.Agents[unit].Running is not null)
        {
            return;
        }

        CharmFolder.Replace(containers.Place, state.Charms[application.CharmUrl]);
        CharmFolder.WriteResources(containers.Place, state.Charms[application.CharmUrl], application);
        model.Update(current => current.With(current.Units[unit] with { CharmUrl = application.CharmUrl }));
        await containers.ReplaceStaleAsync(cancellation);
    }

    void Begin(HookRun turn) => model.Update(state =>
    {
        var record = state.Units[unit];
        var about = turn switch
        {
            { Kind: HookKind.Relation, RemoteUnit: { } remote } => $" for {remote}",
            { Kind: HookKind.Secret } => $" for secret:{turn.Secret}",
            _ => "",
        };
        var message = turn.Kind switch
        {
            HookKind.Action => $"running action {turn.Name}",
            HookKind.Command => "running commands",
            _ => $"running {turn.Name} hook{about}",
        };
        var workload = turn.Name switch
        {
            "install" when turn.Kind == HookKind.Life => record.Workload.To("maintenance", "installing charm software", model.Now),
            "stop" when turn is { Kind: HookKind.Life, CharmCounter: null } => record.Workload.To("maintenance", "stopping charm software", model.Now),
            "remove" when turn.Kind == HookKind.Life => record.Workload.To("maintenance", "cleaning up prior to charm deletion", model.Now),
            _ => record.Workload,
        };

        // update-status comes and goes unseen.
        var agentStatus = turn.Name == "update-status" ? record.Agent : record.Agent.To("executing", message, model.Now);
        state = state.With(record with { Agent = agentStatus, Workload = workload }).With(state.Agents[unit] with { Running = turn, Failed = null });
        return turn.Task is { } id && state.Tasks.TryGetValue(id, out var task) && task.Status == "pending"
            ? state.With(task with { Status = "running", Started = model.Now })
            : state;
    });

    void Finish(HookContext context) => model.Update(state =>
        AfterTurn.Succeed(context.Flush(state), unit, context.Turn, model.Now, ModelOptions.UpdateStatusInterval(state)));

    // Nothing the turn wrote is kept; the unit shows the error until a retry succeeds.
    void Fail(HookRun turn, string message)
    {
        Log("ERROR", "juju.worker.uniter.operation", message);
        model.Update(state =>
        {
            var agent = state.Agents[unit];
            var attempts = agent.Attempts + 1;
            var wait = FirstRetry * Math.Pow(2, Math.Min(attempts - 1, 10));
            wait = (wait < LastRetry ? wait : LastRetry) * (1 + (RandomNumberGenerator.GetInt32(100) / 1000.0));
            return state
                .With(agent with
                {
                    Running = null,
                    Failed = turn,
                    Attempts = attempts,
                    RetryAt = ModelOptions.RetriesHooks(state) ? model.Now + wait : null,
                })
                .With(state.Units[unit] with { Agent = new StatusRecord("idle", "", model.Now), Resolved = Resolution.None });
        });
    }

    void Log(string level, string module, string message) => model.Log.Add(UnitRecord.TagOf(unit), level, module, message);

    static TimeSpan? Seconds(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    static void AddOutput(JsonObject results, string name, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        try
        {
            results[name] = new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            results[name] = Convert.ToBase64String(bytes);
            results[name + "-encoding"] = "base64";
        }
    }
}
