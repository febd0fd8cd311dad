using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;
using Juju.Local.Workloads;

namespace Juju.Local.Units;

/// <summary>The containers of one unit: the charm's and one for each workload. Running ones are found again by a new controller.</summary>
sealed class UnitContainers(Model model, string unit, UnitPlace place, ISandboxes sandboxes, MachineFiles machine) : IDisposable
{
    public const string Charm = "charm";

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim gate = new(1);

    public UnitPlace Place => place;

    /// <summary>The container's first process; null while it does not run.</summary>
    public SandboxProcess? Find(string container) =>
        model.State.Sandboxes.TryGetValue(Key(container), out var record)
        && new SandboxProcess(record.ProcessId, record.StartTime) is { IsRunning: true } process ? process : null;

    /// <summary>The network and the folders, and the address that is new.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var address = await sandboxes.PrepareUnitAsync(place, cancellation);
        model.Update(state => state.Units.TryGetValue(unit, out var record) && record.Address != address
            ? state.With(record with { Address = address })
            : state);
        WriteHosts();
    }

    /// <summary>Every unit knows the others by the names that a cluster's DNS has for them.</summary>
    public void WriteHosts()
    {
        var state = model.State;
        var namespaceName = state.Info.Name;
        UnitHosts.Write(place.Hosts,
            from other in state.Units.Values
            where other.Address is not null
            orderby other.Application, other.Number
            let pod = $"{other.Application}-{other.Number}"
            let service = $"{other.Application}-endpoints"
            select (other.Address, (IEnumerable<string>)[
                $"{pod}.{service}.{namespaceName}.svc.cluster.local", $"{pod}.{service}.{namespaceName}.svc", $"{pod}.{service}",
                $"{service}.{namespaceName}.svc.cluster.local", service,
                $"{other.Application}.{namespaceName}.svc.cluster.local", $"{other.Application}.{namespaceName}.svc",
                $"{other.Application}.{namespaceName}", other.Application, pod,
            ]));
    }

    /// <summary>Starts the container if it does not run.</summary>
    public async Task<SandboxProcess> EnsureAsync(string container, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (Find(container) is { } running)
            {
                return running;
            }

            var state = model.State;
            var plan = container == Charm
                ? ContainerPlans.ForCharm(state, state.Units[unit], place, machine)
                : ContainerPlans.ForWorkload(state, state.Units[unit], place, machine, container);

            // Begun is ended: a container that runs and is not written down would never be found again.
            var process = await sandboxes.StartAsync(place, plan, CancellationToken.None);
            Record(container, process, state.Applications[state.Units[unit].Application].ResourceCounter, plan.Image);
            return process;
        }
        finally
        {
            gate.Release();
        }
    }

    public IReadOnlyList<string> Enter(SandboxProcess process) => sandboxes.Enter(process);

    /// <summary>Ends workload containers whose resource was changed; their watchers start them anew. Returns whether there were any.</summary>
    public async Task<bool> ReplaceStaleAsync(CancellationToken cancellation)
    {
        var state = model.State;
        var counter = state.Applications[UnitRecord.ApplicationOf(unit)].ResourceCounter;
        var stale = state.Sandboxes.Values.Where(sandbox =>
            sandbox.Unit == unit && sandbox.Container != Charm && sandbox.ResourceCounter != counter).Select(sandbox => sandbox.Container).ToList();
        foreach (var container in stale)
        {
            await StopAsync(container, cancellation);
        }

        return stale.Count > 0;
    }

    /// <summary>Whether all that another unit's Pebbles check for readiness has been seen to work.</summary>
    public async Task<bool> IsReadyAsync(UnitRecord other, CancellationToken cancellation)
    {
        foreach (var container in model.State.CharmOf(other).Definition.Containers.Keys)
        {
            using var pebble = new PebbleConnection(machine.PlaceOf(other).PebbleSocket(container));
            if (!await pebble.IsReadyAsync(cancellation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends a container whose liveness failed; its watcher starts it anew.</summary>
    public Task EndAsync(string container, CancellationToken cancellation) => StopAsync(container, cancellation);

    public async Task StopAllAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(model.State.Sandboxes.Values.Where(sandbox => sandbox.Unit == unit)
            .Select(sandbox => StopAsync(sandbox.Container, cancellation)));
    }

    /// <summary>The network and all files; storage is elsewhere.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        await sandboxes.ReleaseUnitAsync(place, cancellation);
        await sandboxes.DeleteAsync(place.Folder, cancellation);
    }

    public void Dispose() => gate.Dispose();

    async Task StopAsync(string container, CancellationToken cancellation)
    {
        if (Find(container) is { } process)
        {
            await sandboxes.StopAsync(process, container == Charm ? TimeSpan.Zero : Grace, cancellation);
        }

        model.Update(state => state with { Sandboxes = state.Sandboxes.Remove(Key(container)) });
    }

    // A pod that was there before and is made anew tells its charm so: config-changed and start, but not install.
    void Record(string container, SandboxProcess process, int resourceCounter, string? image) => model.Update(state =>
    {
        state = state with
        {
            Sandboxes = state.Sandboxes.SetItem(Key(container), new(unit, container, process.Id, process.StartTime, resourceCounter, image)),
        };
        return container == Charm && state.Agents.TryGetValue(unit, out var agent) && agent.Started
            ? state.With(agent with { ConfigHash = null, StartPending = true })
            : state;
    });

    string Key(string container) => SandboxRecord.Key(unit, container);
}
