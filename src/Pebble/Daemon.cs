using Pebble.Api;
using Pebble.Checks;
using Pebble.Exec;
using Pebble.Identities;
using Pebble.Logs;
using Pebble.LogTargets;
using Pebble.Notices;
using Pebble.Plan;
using Pebble.Processes;
using Pebble.Services;
using Pebble.State;
using Pebble.SystemApi;

namespace Pebble;

/// <summary>
/// The parts of the daemon, made once and in this order. A part that keeps something registers a section with
/// <see cref="State"/> in its constructor; handlers reach the parts through this class.
/// </summary>
sealed class Daemon
{
    const int StandardOutput = 1;

    readonly StateFile? stateFile;

    public Daemon(DaemonOptions options, DaemonEnvironment environment, TimeProvider clock)
    {
        Options = options;
        Environment = environment;
        Clock = clock;
        stateFile = environment.Persist ? new StateFile(Path.Combine(environment.Folder, ".pebble.state"), clock) : null;
        State = new DaemonState(clock, stateFile);
        Notices = new NoticeLog(State);
        Identities = new IdentityRegister(State);
        FindCaller = Identities.FindCaller;
        LatestWarning = () => Notices.LatestWarning;
        Runner = new TaskRunner(State);
        Services = new ServiceSupervisor(this);
        Checks = new CheckSupervisor(this);
        Executions = new Executions(this);
        LogForwarding = new LogForwarding(this);
        ServiceCopy = options.Verbose || environment.Verbose ? new LogCopy(StandardOutput) : null;
    }

    public DaemonOptions Options { get; }

    public DaemonEnvironment Environment { get; }

    public TimeProvider Clock { get; }

    public DaemonState State { get; }

    public TaskRunner Runner { get; }

    public NoticeLog Notices { get; }

    public IdentityRegister Identities { get; }

    public PlanStore Plan { get; } = new();

    public ServiceSupervisor Services { get; }

    public CheckSupervisor Checks { get; }

    public Executions Executions { get; }

    public LogForwarding LogForwarding { get; }

    public Reaper Reaper { get; } = new();

    public EventLoop Events { get; } = new();

    /// <summary>The environment that the daemon itself was started with: the base of its children's.</summary>
    public IReadOnlyDictionary<string, string> BaseEnvironment { get; } = DaemonEnvironment.All();

    /// <summary>Where the services' output is copied to with --verbose, else null.</summary>
    public LogCopy? ServiceCopy { get; }

    public Restarts Restarts { get; } = new();

    public string BootId { get; } = SystemInfo.ReadBootId();

    /// <summary>Set by the identities: who the request's credentials name, null if nobody.</summary>
    public Func<Request, Caller?>? FindCaller { get; set; }

    /// <summary>Set by the notices: when the latest warning was raised.</summary>
    public Func<DateTimeOffset?>? LatestWarning { get; set; }

    /// <summary>Reads what was kept, and the layers.</summary>
    /// <exception cref="IOException">It cannot be read, or the layers make no plan.</exception>
    public void Load()
    {
        if (stateFile is { Exists: true })
        {
            StateJson.Read(State, stateFile.Read());
        }

        try
        {
            Plan.Load(Path.Combine(Environment.Folder, "layers"));
        }
        catch (Exception e) when (e is IOException or PlanError)
        {
            throw new IOException($"cannot load plan: {e.Message}", e);
        }

        if (!Options.Dry)
        {
            stateFile?.Start(State);
        }
    }

    /// <summary>Writes what is still to be kept.</summary>
    public void Save() => stateFile?.Dispose();
}
