using System.Runtime.InteropServices;
using Juju.Local.Api;
using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Controllers;

/// <summary>One home's controller: all models, the agents of all their units, and the API, in one process.</summary>
sealed class Controller : IDisposable
{
    readonly Database database;
    readonly TimeProvider clock;
    readonly CancellationTokenSource stop = new();
    readonly Dictionary<string, ModelHost> hosts = [];
    readonly HashSet<int> promised = [];
    readonly Lock gate = new();
    readonly BridgeNetwork? network;

    Controller(ControllerHome home, TimeProvider clock)
    {
        this.clock = clock;
        Home = home;
        database = new Database(home.Database);
        Uuid = Setting("uuid", () => Guid.NewGuid().ToString());
        if (Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("JUJU_LOCAL_NETWORK") != "host")
        {
            network = new BridgeNetwork(Uuid, Setting("subnet", () => BridgeNetwork.ChooseSubnet(Uuid)));
        }

        Sandboxes = new Bubblewrap(home.Path, network, clock);
        Machine = MachineFiles.Prepare(home);
    }

    public ControllerHome Home { get; }

    public string Uuid { get; }

    public ISandboxes Sandboxes { get; }

    public MachineFiles Machine { get; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public ControllerDetails Details => new(Uuid, "local", JujuVersion.Current, Environment.ProcessId, Sandboxes.Describe());

    /// <summary>Until it is told to end. A second controller of the same home ends at once.</summary>
    public static async Task<int> RunAsync(ControllerHome home)
    {
        FileStream held;
        try
        {
            held = new FileStream(home.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return 0;
        }

        using (held)
        {
            using var controller = new Controller(home, TimeProvider.System);
            using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, controller.OnSignal);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, controller.OnSignal);
            await controller.ServeAsync();
            return 0;
        }
    }

    /// <summary>Ends the process; what runs in sandboxes goes on.</summary>
    public void Stop() => stop.Cancel();

    /// <summary>Stops all containers, keeps all data, and ends the process.</summary>
    public async Task ShutDownAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(Hosts().Select(host => host.ShutDownAsync(cancellation)));
        await Sandboxes.ReleaseAllAsync(cancellation);
        Stop();
    }

    /// <summary>Destroys everything and ends the process.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        foreach (var host in Hosts())
        {
            ModelEnd.Begin(host.Model, destroyStorage: true, releaseStorage: false, force: true);
        }

        while (Hosts() is [var first, ..])
        {
            await first.Ended.WaitAsync(cancellation);
        }

        await Sandboxes.ReleaseAllAsync(cancellation);
        IsKilled = true;
        Stop();
    }

    bool IsKilled { get; set; }

    public IReadOnlyList<ModelHost> Hosts()
    {
        lock (gate)
        {
            return [.. hosts.Values];
        }
    }

    public Model GetModel(string name) => GetHost(name).Model;

    /// <summary>By name, <c>admin/name</c>, <c>local:name</c> or UUID.</summary>
    public ModelHost GetHost(string name)
    {
        var wanted = name[(name.LastIndexOfAny([':', '/']) + 1)..];
        return Hosts().FirstOrDefault(host => host.Model.Name == wanted || host.Model.Uuid == wanted)
            ?? throw ControllerException.NotFound($"model \"local:admin/{wanted}\" not found");
    }

    public Model AddModel(ModelRecord record)
    {
        lock (gate)
        {
            if (hosts.Values.Any(host => host.Model.Name == record.Name))
            {
                throw ControllerException.AlreadyExists($"failed to create new model: model \"{record.Name}\" for admin already exists");
            }

            var state = new ModelState { Info = record };
            ModelRecords.Write(database, null, state);
            return Host(state).Model;
        }
    }

    ModelHost Host(ModelState state)
    {
        var model = new Model(database, clock, Home.Storage(state.Info.Uuid), state);
        var host = new ModelHost(this, model, clock);
        hosts[model.Uuid] = host;
        host.Start(stop.Token);
        return host;
    }

    /// <summary>A place on this machine that no unit has.</summary>
    public int NextPlace(ModelState state)
    {
        // Models change side by side: what was given out and is not yet in a model's state is remembered here.
        lock (gate)
        {
            var taken = hosts.Values.SelectMany(host => host.Model.State.Units.Values).Select(unit => unit.Place).ToHashSet();
            promised.ExceptWith(taken);
            taken.UnionWith(promised);
            taken.UnionWith(state.Units.Values.Select(unit => unit.Place));
            var place = Enumerable.Range(0, int.MaxValue).First(number => !taken.Contains(number));
            promised.Add(place);
            return place;
        }
    }

    public async Task ForgetAsync(Model model, CancellationToken cancellation)
    {
        lock (gate)
        {
            hosts.Remove(model.Uuid);
        }

        database.RemoveModel(model.Uuid);
        foreach (var folder in new[] { Home.Charms(model.Uuid), Home.Resources(model.Uuid), Home.Published(model.Uuid), Home.Storage(model.Uuid) })
        {
            await Sandboxes.DeleteAsync(folder, cancellation);
        }
    }

    /// <summary>The bridge is there only while there are units.</summary>
    public async Task ReleaseNetworkIfUnusedAsync(CancellationToken cancellation)
    {
        if (Hosts().All(host => host.Model.State.Units.IsEmpty))
        {
            await Sandboxes.ReleaseAllAsync(cancellation);
        }
    }

    async Task ServeAsync()
    {
        lock (gate)
        {
            foreach (var uuid in database.Models())
            {
                Host(ModelRecords.Read(database, uuid));
            }
        }

        using (var server = new ApiServer(this, Home.Socket))
        {
            await server.RunAsync(stop.Token);
        }

        await Task.WhenAll(Hosts().Select(host => host.Ended)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (IsKilled)
        {
            database.Dispose();
            await Sandboxes.DeleteAsync(Home.Path, CancellationToken.None);
        }
    }

    void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Stop();
    }

    string Setting(string name, Func<string> make)
    {
        if (database.FindSetting(name) is { } known)
        {
            return known;
        }

        var value = make();
        database.SetSetting(name, value);
        return value;
    }

    public void Dispose()
    {
        foreach (var host in Hosts())
        {
            host.Dispose();
        }

        stop.Dispose();
        network?.Dispose();
        database.Dispose();
    }
}
