using System.Globalization;
using System.Text;
using Pebble.Client;

namespace Ops.Testing;

/// <summary>A Pebble in memory: layers are merged, services change their status, commands answer what the state says.</summary>
sealed partial class MemoryPebble : IPebble
{
    readonly ContainerState start;
    readonly Run run;
    readonly List<LabelledLayer> layers;
    readonly Dictionary<string, ServiceStatus> services;
    readonly Dictionary<string, string> running = [];
    readonly Dictionary<string, CheckStatus> checks;
    readonly SortedDictionary<string, FileState> files;
    readonly List<Notice> notices;
    int lastChange;

    public MemoryPebble(ContainerState start, Run run)
    {
        this.start = start;
        this.run = run;
        layers = [.. start.Layers];
        services = new(start.Services);
        checks = new(start.Checks);
        files = new(start.Files.ToDictionary(), StringComparer.Ordinal);
        notices = [.. start.Notices];
        var plan = start.Plan;
        foreach (var name in services.Where(s => s.Value == ServiceStatus.Active).Select(s => s.Key))
        {
            running[name] = DefinitionOf(plan, name);
        }
    }

    public ContainerState ToState() => start with
    {
        Layers = [.. layers],
        Services = new Dictionary<string, ServiceStatus>(services),
        Checks = new Dictionary<string, CheckStatus>(checks),
        Files = new Dictionary<string, FileState>(files),
        Notices = [.. notices],
    };

    public SystemInfo GetSystemInfo()
    {
        Connect();
        return new SystemInfo("1.32.1", "00000000-0000-4000-8000-000000000000");
    }

    public void AddLayer(string label, string yaml, bool combine)
    {
        Connect();
        Layer layer;
        try
        {
            layer = Layer.Parse(yaml);
        }
        catch (FormatException e)
        {
            throw Refused($"cannot parse layer YAML: {e.Message}");
        }

        var place = layers.FindIndex(l => l.Label == label);
        if (place >= 0 && !combine)
        {
            throw Refused($"layer \"{label}\" already exists");
        }

        var changed = new List<LabelledLayer>(layers);
        if (place >= 0)
        {
            changed[place] = new LabelledLayer(label, PlanOfLayers.Merge(layers[place].Layer, layer, label));
        }
        else
        {
            changed.Add(new LabelledLayer(label, layer));
        }

        foreach (var (name, service) in PlanOfLayers.Combine(changed).Services)
        {
            if (service.Command is null or "")
            {
                throw Refused($"plan must define \"command\" for service \"{name}\"");
            }
        }

        layers.Clear();
        layers.AddRange(changed);
    }

    public Plan GetPlan()
    {
        Connect();
        return Plan.Parse(PlanOfLayers.Combine(layers).ToYaml());
    }

    public IReadOnlyList<ServiceInfo> ListServices(IReadOnlyCollection<string> names)
    {
        Connect();
        return
        [
            .. from service in PlanOfLayers.Combine(layers).Services
               where names.Count == 0 || names.Contains(service.Key)
               orderby service.Key
               select new ServiceInfo
               {
                   Name = service.Key,
                   Startup = service.Value.Startup == "enabled" ? ServiceStartup.Enabled : ServiceStartup.Disabled,
                   Current = services.GetValueOrDefault(service.Key, ServiceStatus.Inactive),
               },
        ];
    }

    public Change ChangeServices(ServiceAction action, IReadOnlyCollection<string> names, TimeSpan timeout)
    {
        Connect();
        var plan = PlanOfLayers.Combine(layers);
        foreach (var name in names.Where(name => !plan.Services.ContainsKey(name)))
        {
            throw Refused($"service \"{name}\" does not exist");
        }

        switch (action)
        {
            case ServiceAction.Autostart:
                Start(plan, Enabled(plan));
                break;
            case ServiceAction.Replan:
                // What runs with another definition than the plan's is restarted, what is to run by itself is started.
                Restart(plan, [.. running.Where(r => plan.Services.ContainsKey(r.Key) && DefinitionOf(plan, r.Key) != r.Value).Select(r => r.Key)]);
                Start(plan, Enabled(plan));
                break;
            case ServiceAction.Start:
                Start(plan, names);
                break;
            case ServiceAction.Stop:
                Stop(names);
                break;
            default:
                Restart(plan, names);
                break;
        }

        return Done(action.ToString().ToLowerInvariant(), null);
    }

    public void SendSignal(string signal, IReadOnlyCollection<string> services)
    {
        Connect();
        foreach (var name in services.Where(s => !IsRunning(s)))
        {
            throw new PebbleApiException(500, "Internal Server Error", $"cannot send signal to \"{name}\": service is not running", null);
        }
    }

    public IReadOnlyList<CheckInfo> ListChecks(CheckLevel level, IReadOnlyCollection<string> names)
    {
        Connect();
        return
        [
            .. from check in PlanOfLayers.Combine(layers).Checks
               let found = check.Value.Level switch { "alive" => CheckLevel.Alive, "ready" => CheckLevel.Ready, _ => CheckLevel.None }
               where (names.Count == 0 || names.Contains(check.Key)) && (level == CheckLevel.None || level == found)
               orderby check.Key
               select new CheckInfo
               {
                   Name = check.Key,
                   Level = found,
                   Startup = check.Value.Startup == "disabled" ? ServiceStartup.Disabled : ServiceStartup.Enabled,
                   Status = checks.GetValueOrDefault(check.Key, check.Value.Startup == "disabled" ? CheckStatus.Inactive : CheckStatus.Up),
                   Threshold = check.Value.Threshold ?? 3,
               },
        ];
    }

    public IReadOnlyList<string> ChangeChecks(bool start, IReadOnlyCollection<string> names)
    {
        var changed = ListChecks(CheckLevel.None, names).Where(c => (c.Status == CheckStatus.Inactive) == start).Select(c => c.Name).ToList();
        changed.ForEach(name => checks[name] = start ? CheckStatus.Up : CheckStatus.Inactive);
        return changed;
    }

    public IPebbleProcess Exec(ExecOptions options, ReadOnlyMemory<byte>? input)
    {
        Connect();
        var call = run.Execs.Count;
        run.Execs.Add(new ExecCall(start.Name, options, input is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null));
        var result = start.Execs
            .Where(e => e.Command.Count <= options.Command.Count && e.Command.SequenceEqual(options.Command.Take(e.Command.Count)))
            .MaxBy(e => e.Command.Count);
        return result is null
            ? throw new InvalidOperationException(
                $"no result for the command [{string.Join(", ", options.Command)}] in container \"{start.Name}\": add an ExecResult for it to the ContainerState")
            : new MemoryProcess(
                options, result, Done("exec", result.TimesOut ? "timed out: context deadline exceeded" : null),
                written => run.Execs[call] = run.Execs[call] with { Input = written });
    }

    static PebbleApiException Refused(string message) => new(400, "Bad Request", message, null);

    static string DefinitionOf(Layer plan, string service) => plan.Services.TryGetValue(service, out var found)
        ? new Layer { Services = new Dictionary<string, Service> { [service] = found } }.ToYaml()
        : "";

    void Connect()
    {
        if (!start.CanConnect)
        {
            var socket = $"/charm/containers/{start.Name}/pebble.socket";
            throw new PebbleConnectionException(socket, $"cannot connect to {socket}: CanConnect of the ContainerState is false, or it is not in the state");
        }
    }

    static IReadOnlyCollection<string> Enabled(Layer plan) => [.. plan.Services.Where(s => s.Value.Startup == "enabled").Select(s => s.Key).Order()];

    bool IsRunning(string service) => services.GetValueOrDefault(service) == ServiceStatus.Active;

    void Start(Layer plan, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !IsRunning(name)))
        {
            Run(plan, name, ServiceAction.Start);
        }
    }

    void Restart(Layer plan, IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
        {
            Run(plan, name, IsRunning(name) ? ServiceAction.Restart : ServiceAction.Start);
        }
    }

    void Run(Layer plan, string name, ServiceAction action)
    {
        run.ServiceCalls.Add(new ServiceCall(start.Name, action, name));
        if (start.FailingServices.Contains(name))
        {
            services[name] = ServiceStatus.Error;
            var error = $"cannot perform the following tasks:\n- Start service \"{name}\" (cannot start service: exited quickly with code 1)";
            throw new ChangeException(error, Done("start", error));
        }

        services[name] = ServiceStatus.Active;
        running[name] = DefinitionOf(plan, name);
    }

    void Stop(IEnumerable<string> names)
    {
        foreach (var name in names.Where(IsRunning).ToList())
        {
            run.ServiceCalls.Add(new ServiceCall(start.Name, ServiceAction.Stop, name));
            services[name] = ServiceStatus.Inactive;
            running.Remove(name);
        }
    }

    Change Done(string kind, string? error) => new()
    {
        Id = (++lastChange).ToString(CultureInfo.InvariantCulture),
        Kind = kind,
        Summary = kind,
        Status = error is null ? "Done" : "Error",
        Ready = true,
        Err = error,
    };
}
