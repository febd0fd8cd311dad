using Pebble.Api;
using Pebble.Identities;
using Pebble.Notices;
using Pebble.State;
using Pebble.SystemApi;

namespace Pebble;

/// <summary>
/// The parts of the daemon, made once and in this order. A part that keeps something registers a section with
/// <see cref="State"/> in its constructor; handlers reach the parts through this class.
/// </summary>
sealed class Daemon
{
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
    }

    public DaemonOptions Options { get; }

    public DaemonEnvironment Environment { get; }

    public TimeProvider Clock { get; }

    public DaemonState State { get; }

    public TaskRunner Runner { get; }

    public NoticeLog Notices { get; }

    public IdentityRegister Identities { get; }

    public Restarts Restarts { get; } = new();

    public string BootId { get; } = SystemInfo.ReadBootId();

    /// <summary>Set by the identities: who the request's credentials name, null if nobody.</summary>
    public Func<Request, Caller?>? FindCaller { get; set; }

    /// <summary>Set by the notices: when the latest warning was raised.</summary>
    public Func<DateTimeOffset?>? LatestWarning { get; set; }

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Load()
    {
        if (stateFile is null)
        {
            return;
        }

        if (stateFile.Exists)
        {
            try
            {
                StateJson.Read(State, stateFile.Read());
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new IOException($"cannot read state: {e.Message}", e);
            }
        }

        stateFile.Start(State);
    }

    /// <summary>Writes what is still to be kept.</summary>
    public void Save() => stateFile?.Dispose();
}
