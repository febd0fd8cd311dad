using Juju.Local.Hooks;
using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;
using Juju.Local.Workloads;

namespace Juju.Local.Units;

/// <summary>
/// A unit's agent: prepares its sandboxes, then one turn after the other until the unit is gone. All it knows is in the
/// model's state, so it can be stopped at any moment and begun again.
/// </summary>
sealed class UnitAgent(Model model, string unit, UnitContainers containers, TimeProvider clock)
{
    static readonly TimeSpan Repair = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ReadyPause = TimeSpan.FromMilliseconds(300);

    /// <summary>A clock's longest alarm is some weeks.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    readonly TurnRunner runner = new(model, unit, containers, clock);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (model.State.Units.ContainsKey(unit))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                await containers.PrepareAsync(cancellation);
                LayOutCharm();
                using var tools = new ToolServer(Path.Combine(containers.Place.Agent, "agent.socket"));
                await containers.EnsureAsync(UnitContainers.Charm, cancellation);
                Task[] helpers =
                [
                    tools.RunAsync(stop.Token),
                    KeepCharmContainerAsync(stop.Token),
                    .. model.State.CharmOf(model.State.Units[unit]).Definition.Containers.Keys.Select(container =>
                        new PebbleWatcher(model, unit, container, containers, clock).RunAsync(stop.Token)),
                ];
                try
                {
                    if (await TakeTurnsAsync(tools, cancellation))
                    {
                        await stop.CancelAsync();
                        await EndAsync(cancellation);
                        return;
                    }
                }
                finally
                {
                    await stop.CancelAsync();
                    await Task.WhenAll(helpers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception broken) when (broken is SandboxException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
            {
                var problem = broken is IOException or UnauthorizedAccessException ? $"{FileProblem.Text(broken)} ({broken.Message})" : broken.Message;
                model.Log.Add(UnitRecord.TagOf(unit), "ERROR", "juju.worker.dependency", problem);
                SetAgent("error", problem);
                await Task.Delay(Repair, clock, cancellation);
            }
        }
    }

    // A charm container that dies between two turns is a pod that was replaced: the charm is told.
    async Task KeepCharmContainerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Repair, clock, cancellation);
            try
            {
                await containers.EnsureAsync(UnitContainers.Charm, cancellation);
            }
            catch (SandboxException broken)
            {
                model.Log.Add(UnitRecord.TagOf(unit), "ERROR", "juju.worker.dependency", broken.Message);
            }
        }
    }

    // Files are laid out once; a folder without them is one that was just made.
    void LayOutCharm()
    {
        var state = model.State;
        var record = state.Units[unit];
        if (!File.Exists(Path.Combine(containers.Place.Charm, ".juju-charm")))
        {
            CharmFolder.Replace(containers.Place, state.CharmOf(record));
        }

        CharmFolder.WriteResources(containers.Place, state.CharmOf(record), state.Applications[record.Application]);
    }

    /// <returns>True when the unit has come to its end; false when its containers have changed and all begins anew.</returns>
    async Task<bool> TakeTurnsAsync(ToolServer tools, CancellationToken cancellation)
    {
        runner.KillCutOff();
        var charm = model.State.Units[unit].CharmUrl;
        while (true)
        {
            var version = model.Version;
            var state = model.State;
            if (!state.Units.TryGetValue(unit, out var record))
            {
                return true;
            }

            var agent = state.Agents[unit];
            containers.WriteHosts();
            if (record.Life != Life.Alive && (record.Force || (agent.Running is null && (agent.Removed || !agent.Installed))))
            {
                return true;
            }

            if (record.CharmUrl != charm)
            {
                return false;
            }

            if (NextTurn.Find(state, record, agent, model.Now) is { } turn)
            {
                if (turn.CharmCounter is not null && await NextUnreadyAsync(state, record, cancellation) is { } unready)
                {
                    if (!SetAgent("idle", $"waiting for {unready} to be ready"))
                    {
                        await model.WaitAsync(version, ReadyPause, cancellation);
                    }

                    continue;
                }

                await runner.RunAsync(turn, tools, cancellation);
                continue;
            }

            if (runner.ForceUpgrade(state, record, agent) || runner.ResolveBySkipping(record, agent)
                || await runner.ReplaceContainersAsync(state, record, agent, cancellation))
            {
                continue;
            }

            // Being idle is itself a change; what came with it must not be slept over.
            if (!SetAgent("idle", ""))
            {
                await WaitAsync(version, record, agent, cancellation);
            }
        }
    }

    // An upgrade goes on to the next unit when the one before it serves again, as a stateful set has it.
    async Task<string?> NextUnreadyAsync(ModelState state, UnitRecord record, CancellationToken cancellation)
    {
        foreach (var other in state.UnitsOf(record.Application).Where(other => other.Number > record.Number && other.Life == Life.Alive))
        {
            if (!await containers.IsReadyAsync(other, cancellation))
            {
                return other.Name;
            }
        }

        return null;
    }

    async Task WaitAsync(long version, UnitRecord record, AgentRecord agent, CancellationToken cancellation)
    {
        // After a failure nothing else has its turn, however long it is due.
        DateTimeOffset?[] dues = agent.Failed is not null ? [agent.RetryAt] : [agent.UpdateStatusAt, SecretTurns.NextDue(model.State, record, agent)];
        if (dues.Min() is { } due)
        {
            var wait = due - model.Now + TimeSpan.FromMilliseconds(1);
            await model.WaitAsync(version, wait < LongestWait ? wait : LongestWait, cancellation);
        }
        else
        {
            await model.WaitAsync(version, cancellation);
        }
    }

    async Task EndAsync(CancellationToken cancellation)
    {
        await containers.StopAllAsync(cancellation);
        await containers.ReleaseAsync(cancellation);
        model.Update(state => UnitRemoval.Remove(state, unit, model.Now));
    }

    /// <returns>Whether it was another before.</returns>
    bool SetAgent(string status, string message)
    {
        var isNew = false;
        model.Update(state =>
        {
            if (!state.Units.TryGetValue(unit, out var record))
            {
                return state;
            }

            var next = record.Agent.To(status, message, model.Now);
            isNew = !ReferenceEquals(next, record.Agent);
            return isNew ? state.With(record with { Agent = next }) : state;
        });
        return isNew;
    }
}
