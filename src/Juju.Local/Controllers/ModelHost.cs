using Juju.Local.Models;
using Juju.Local.Publishing;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Controllers;

/// <summary>
/// A model with the agents of its units. Each agent is a loop of its own: one that breaks is begun again after a pause and
/// the others do not notice.
/// </summary>
sealed class ModelHost(Controller controller, Model model, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    readonly Dictionary<string, Agent> agents = [];
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    CancellationTokenSource? agentsStop, publishingStop;
    Task publishing = Task.CompletedTask, pruning = Task.CompletedTask;

    sealed record Agent(Task Running, UnitContainers Containers);

    public Model Model => model;

    public Publisher Publisher { get; } = new(model, controller.Home.Published(model.Uuid));

    /// <summary>When the model is gone, or the controller ends.</summary>
    public Task Ended => ended.Task;

    public void Start(CancellationToken cancellation)
    {
        agentsStop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        publishingStop = CancellationTokenSource.CreateLinkedTokenSource(agentsStop.Token);
        publishing = Publisher.RunAsync(publishingStop.Token);
        pruning = new ModelPruning(model, clock).RunAsync(publishingStop.Token);
        _ = RunAsync(agentsStop.Token);
    }

    /// <summary>After it has ended.</summary>
    public void Dispose()
    {
        publishingStop?.Dispose();
        agentsStop?.Dispose();
        Publisher.Dispose();
    }

    /// <summary>A unit's containers, for those who want to get in; null for an unknown unit.</summary>
    public UnitContainers? FindContainers(string unit)
    {
        lock (agents)
        {
            return agents.GetValueOrDefault(unit)?.Containers;
        }
    }

    /// <summary>Ends all agents, then all containers. The model stays as it is.</summary>
    public async Task ShutDownAsync(CancellationToken cancellation)
    {
        await agentsStop!.CancelAsync();
        await ended.Task.WaitAsync(cancellation);
        await Publisher.CloseAllAsync(cancellation);
        List<Agent> all;
        lock (agents)
        {
            all = [.. agents.Values];
        }

        await Task.WhenAll(all.Select(agent => agent.Containers.StopAllAsync(cancellation)));
    }

    async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var version = model.Version;
                var state = model.State;
                StartAgents(state, cancellation);
                if (state.Info.Life != Life.Alive && state.Applications.IsEmpty && state.Units.IsEmpty)
                {
                    await Task.WhenAll(Running());
                    await publishingStop!.CancelAsync();
                    await Task.WhenAll(publishing, pruning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await Publisher.CloseAllAsync(cancellation);
                    await controller.ForgetAsync(model, cancellation);
                    await controller.ReleaseNetworkIfUnusedAsync(cancellation);
                    return;
                }

                // An agent that has ended may have a successor already: a unit that takes its number again.
                await Task.WhenAny([model.WaitAsync(version, cancellation), .. Running()]);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(Running()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await Task.WhenAll(publishing, pruning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.TrySetResult();
        }
    }

    List<Task> Running()
    {
        lock (agents)
        {
            return [.. agents.Values.Select(agent => agent.Running)];
        }
    }

    void StartAgents(ModelState state, CancellationToken cancellation)
    {
        lock (agents)
        {
            foreach (var (name, agent) in agents.ToList())
            {
                if (agent.Running.IsCompleted)
                {
                    agent.Containers.Dispose();
                    agents.Remove(name);
                }
            }

            foreach (var unit in state.Units.Values)
            {
                if (!agents.ContainsKey(unit.Name))
                {
                    var containers = new UnitContainers(model, unit.Name, controller.Machine.PlaceOf(unit), controller.Sandboxes, controller.Machine);
                    agents[unit.Name] = new(SuperviseAsync(unit, containers, cancellation), containers);
                }
            }
        }
    }

    async Task SuperviseAsync(UnitRecord begun, UnitContainers containers, CancellationToken cancellation)
    {
        // The caller holds the model's lock on agents; an agent's first steps are not to be waited for.
        await Task.Yield();
        var unit = begun.Name;
        while (model.State.Units.TryGetValue(unit, out var current) && current.Place == begun.Place)
        {
            try
            {
                await new UnitAgent(model, unit, containers, clock).RunAsync(cancellation);
            }
#pragma warning disable CA1031 // The outermost turn of a unit's loop: one unit's trouble must not be another's.
            catch (Exception broken) when (broken is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                model.Log.Add(UnitRecord.TagOf(unit), "ERROR", "juju.worker.dependency", $"unit agent failed and begins anew: {broken}");
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }
}
