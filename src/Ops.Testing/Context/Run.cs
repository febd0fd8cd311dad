using System.Globalization;

namespace Ops.Testing;

/// <summary>One run of a charm: the state as it becomes, and what is to be told of it.</summary>
sealed class Run
{
    /// <summary>Stands for this application's name in events of peer relations until the run knows it.</summary>
    public const string OwnApp = "@own";

    readonly Dictionary<string, MemoryPebble> pebbles = [];

    public Run(CharmMetadata meta, State state, string app, int unit, string modelUuid)
    {
        Meta = meta;
        AppName = app;
        UnitName = string.Create(CultureInfo.InvariantCulture, $"{app}/{unit}");
        ModelUuid = modelUuid;
        State = state;
        UnitStatusHistory = [state.UnitStatus];
        AppStatusHistory = [state.AppStatus];
    }

    public CharmMetadata Meta { get; }

    public string AppName { get; }

    public string UnitName { get; }

    public string ModelUuid { get; }

    public State State { get; set; }

    public List<StatusBase> UnitStatusHistory { get; }

    public List<StatusBase> AppStatusHistory { get; }

    public List<LogLine> Logs { get; } = [];

    public List<EventBase> EmittedEvents { get; } = [];

    public Dictionary<string, string> ActionResults { get; } = [];

    public string? ActionFailure { get; set; }

    public List<string> ActionLogs { get; } = [];

    public List<ExecCall> Execs { get; } = [];

    public List<ServiceCall> ServiceCalls { get; } = [];

    public List<(string Name, int Count)> StorageRequests { get; } = [];

    public List<string> ToolCalls { get; } = [];

    public IPebble Connect(string container)
    {
        if (!pebbles.TryGetValue(container, out var pebble))
        {
            var state = State.Containers.FirstOrDefault(c => c.Name == container) ?? new ContainerState(container);
            pebbles[container] = pebble = new MemoryPebble(state, this);
        }

        return pebble;
    }

    public void Record(EventBase e)
    {
        if (e is not CollectStatusEvent)
        {
            EmittedEvents.Add(e);
        }
    }

    /// <summary>Puts this application's name where an event of a peer relation could not know it.</summary>
    public Event Localize(Event e) => e with
    {
        Variables = e.Variables.ToDictionary(v => v.Key, v => v.Value.Replace(OwnApp, AppName, StringComparison.Ordinal)),
    };

    public Outcome Finish()
    {
        var containers = State.Containers.Select(c => pebbles.TryGetValue(c.Name, out var pebble) ? pebble.ToState() : c);
        return new Outcome
        {
            State = State with { Containers = [.. containers] },
            UnitStatusHistory = UnitStatusHistory,
            AppStatusHistory = AppStatusHistory,
            Logs = Logs,
            EmittedEvents = EmittedEvents,
            ActionResults = ActionResults,
            ActionFailure = ActionFailure,
            ActionLogs = ActionLogs,
            Execs = Execs,
            ServiceCalls = ServiceCalls,
            StorageRequests = StorageRequests,
            ToolCalls = ToolCalls,
        };
    }
}
