using System.Text;
using Pebble.Client;

namespace Ops;

/// <summary>A workload container, through its Pebble.</summary>
/// <remarks>Source: ops.Container; each member has the name and meaning it has there.</remarks>
public sealed partial class Container
{
    /// <summary>How long ops waits for services.</summary>
    static readonly TimeSpan ServiceTimeout = TimeSpan.FromSeconds(30);

    readonly Framework framework;
    Task<SystemInfo>? connecting;
    bool answered;

    internal Container(string name, Framework framework)
    {
        Name = name;
        this.framework = framework;
    }

    /// <summary>As in charmcraft.yaml.</summary>
    public string Name { get; }

    /// <summary>Its Pebble, for what this class has no member for.</summary>
    public IPebble Pebble => field ??= framework.Pebbles(Name);

    /// <summary>Starts asking whether its Pebble answers; <see cref="CanConnect"/> then waits for the answer. For a charm that reads relations first.</summary>
    public void BeginConnect()
    {
        if (!answered)
        {
            connecting ??= Task.Run(Pebble.GetSystemInfo);
        }
    }

    /// <summary>
    /// Whether its Pebble answers now. Once it did it counts as reachable for the rest of the dispatch; should it go away meanwhile, the
    /// next use throws <see cref="PebbleConnectionException"/>, the hook fails and Juju retries.
    /// </summary>
    public bool CanConnect()
    {
        if (answered)
        {
            return true;
        }

        var asked = connecting;
        connecting = null;
        try
        {
            _ = asked is null ? Pebble.GetSystemInfo() : asked.GetAwaiter().GetResult();
            return answered = true;
        }
        catch (PebbleConnectionException e)
        {
            framework.Log.Debug($"Pebble of container \"{Name}\" does not answer: {e.Message}");
            return false;
        }
        catch (PebbleApiException e)
        {
            framework.Log.Warning($"Pebble of container \"{Name}\" answers with an error: {e.Message}");
            return false;
        }
    }

    /// <summary>Adds a layer on top of the plan. Services change with the next <see cref="Replan"/>; checks at once.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="combine">Whether a layer with that label is merged with it; otherwise one is an error.</param>
    public void AddLayer(string label, Layer layer, bool combine = false)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Pebble.AddLayer(label, layer.ToYaml(), combine);
    }

    /// <summary>Adds a layer given as YAML.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="yaml">The layer.</param>
    /// <param name="combine">Whether a layer with that label is merged with it; otherwise one is an error.</param>
    public void AddLayer(string label, string yaml, bool combine = false) => Pebble.AddLayer(label, yaml, combine);

    /// <summary>All layers combined.</summary>
    public Plan GetPlan() => Pebble.GetPlan();

    /// <summary>Starts all services with startup enabled.</summary>
    public void Autostart() => Pebble.ChangeServices(ServiceAction.Autostart, [], ServiceTimeout);

    /// <summary>Restarts services whose definition changed since they were started, and starts those with startup enabled.</summary>
    public void Replan() => Pebble.ChangeServices(ServiceAction.Replan, [], ServiceTimeout);

    /// <summary>Starts services and waits until they have run for a second.</summary>
    /// <param name="services">At least one.</param>
    /// <exception cref="ChangeException">One did not start; its last lines are in the message.</exception>
    public void Start(params IReadOnlyCollection<string> services) => Change(ServiceAction.Start, services);

    /// <summary>Stops services and waits until they are gone.</summary>
    /// <param name="services">At least one.</param>
    public void Stop(params IReadOnlyCollection<string> services) => Change(ServiceAction.Stop, services);

    /// <summary>Restarts services, starting those that do not run.</summary>
    /// <param name="services">At least one.</param>
    public void Restart(params IReadOnlyCollection<string> services) => Change(ServiceAction.Restart, services);

    /// <summary>Services of the plan and what they do, by name.</summary>
    /// <param name="names">Which; none given: all. One that the plan does not have is left out.</param>
    public IReadOnlyDictionary<string, ServiceInfo> GetServices(params IReadOnlyCollection<string> names) =>
        Pebble.ListServices(names).ToDictionary(s => s.Name);

    /// <summary>A service; null if the plan does not have it.</summary>
    /// <param name="name">Its name.</param>
    public ServiceInfo? FindService(string name) => Pebble.ListServices([name]).FirstOrDefault(s => s.Name == name);

    /// <summary>A service.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ModelException">The plan does not have it.</exception>
    public ServiceInfo GetService(string name) =>
        FindService(name) ?? throw new ModelException($"cannot get service \"{name}\": the plan of container \"{Name}\" does not have it");

    /// <summary>Checks of the plan and how they are, by name.</summary>
    /// <param name="names">Which; none given: all. One that the plan does not have is left out.</param>
    public IReadOnlyDictionary<string, CheckInfo> GetChecks(params IReadOnlyCollection<string> names) =>
        Pebble.ListChecks(CheckLevel.None, names).ToDictionary(c => c.Name);

    /// <summary>A check.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ModelException">The plan does not have it.</exception>
    public CheckInfo GetCheck(string name) => Pebble.ListChecks(CheckLevel.None, [name]).FirstOrDefault(c => c.Name == name)
        ?? throw new ModelException($"cannot get check \"{name}\": the plan of container \"{Name}\" does not have it");

    /// <summary>Starts checks.</summary>
    /// <param name="names">At least one.</param>
    /// <returns>Those that did not run before.</returns>
    public IReadOnlyList<string> StartChecks(params IReadOnlyCollection<string> names) => Pebble.ChangeChecks(start: true, AtLeastOne(names));

    /// <summary>Stops checks.</summary>
    /// <param name="names">At least one.</param>
    /// <returns>Those that ran before.</returns>
    public IReadOnlyList<string> StopChecks(params IReadOnlyCollection<string> names) => Pebble.ChangeChecks(start: false, AtLeastOne(names));

    /// <summary>Sends a signal to running services.</summary>
    /// <param name="signal">The name with its SIG: SIGHUP.</param>
    /// <param name="services">At least one.</param>
    public void SendSignal(string signal, params IReadOnlyCollection<string> services) => Pebble.SendSignal(signal, AtLeastOne(services));

    /// <summary>Notices of the caller and public ones.</summary>
    /// <param name="filter">Which; null for all.</param>
    public IReadOnlyList<Notice> GetNotices(NoticesQuery? filter = null) => Pebble.ListNotices(filter ?? new NoticesQuery());

    /// <summary>A notice.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="ModelException">There is none.</exception>
    public Notice GetNotice(string id) =>
        Pebble.FindNotice(id) ?? throw new ModelException($"cannot get notice \"{id}\" of container \"{Name}\": there is none");

    /// <summary>Starts a command in the container. End it with <see cref="ContainerProcess.WaitOutput"/> or <see cref="ContainerProcess.Wait"/>.</summary>
    /// <param name="command">The program and its arguments; no shell.</param>
    /// <param name="user">The user it runs as; null for Pebble's.</param>
    /// <param name="group">The group; null for the user's.</param>
    /// <param name="workingDir">Where; null for the user's home.</param>
    /// <param name="environment">Added to Pebble's; null for nothing.</param>
    /// <param name="stdin">Its whole standard input; null for none, or for what is written to <see cref="ContainerProcess.Input"/>.</param>
    /// <param name="timeout">It is killed after this time; null for never.</param>
    /// <param name="serviceContext">A service whose user, group, environment and folder are taken; null for none.</param>
    /// <param name="combineStderr">Whether standard error goes with standard output.</param>
    /// <exception cref="PebbleApiException">There is no such program or user.</exception>
    public ContainerProcess Exec(
        IReadOnlyList<string> command,
        string? user = null,
        string? group = null,
        string? workingDir = null,
        IReadOnlyDictionary<string, string>? environment = null,
        string? stdin = null,
        TimeSpan? timeout = null,
        string? serviceContext = null,
        bool combineStderr = false)
    {
        var options = new ExecOptions
        {
            Command = command,
            User = user,
            Group = group,
            WorkingDir = workingDir,
            Environment = environment,
            Timeout = timeout,
            ServiceContext = serviceContext,
            CombineStderr = combineStderr,
        };
        return new ContainerProcess(command, Pebble.Exec(options, stdin is null ? null : Encoding.UTF8.GetBytes(stdin)));
    }

    static IReadOnlyCollection<string> AtLeastOne(IReadOnlyCollection<string> names) =>
        names.Count > 0 ? names : throw new ArgumentException("give at least one name");

    void Change(ServiceAction action, IReadOnlyCollection<string> services) => Pebble.ChangeServices(action, AtLeastOne(services), ServiceTimeout);
}
