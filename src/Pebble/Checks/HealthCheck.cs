using System.Threading.Channels;
using Pebble.Plan;

namespace Pebble.Checks;

/// <summary>What is known of one check. Used under the register's lock, but for <see cref="Refreshes"/>.</summary>
sealed class HealthCheck(string name)
{
    public string Name => name;

    public string Level { get; private set; } = "";

    public string Startup { get; private set; } = "enabled";

    public int Threshold { get; private set; }

    public int Successes { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The change that runs it, empty while it is stopped.</summary>
    public string ChangeId { get; private set; } = "";

    public string PreviousChangeId { get; private set; } = "";

    public long SuccessCount { get; set; }

    public long FailureCount { get; set; }

    /// <summary>Requests to run it now, taken by the task that runs it.</summary>
    public Channel<RefreshRequest> Refreshes { get; } = Channel.CreateUnbounded<RefreshRequest>();

    public string Status => ChangeId.Length == 0 ? "inactive" : Failures >= Threshold ? "down" : "up";

    public void Update(CheckConfig config, string changeId, string previousChangeId, int successes, int failures)
    {
        Level = config.Level;
        Startup = config.StartsByItself ? "enabled" : "disabled";
        Threshold = config.Threshold;
        (ChangeId, PreviousChangeId) = (changeId, previousChangeId);
        (Successes, Failures) = (successes, failures);
    }

    public CheckView View() => new(name, Level, Startup, Status, Successes, Failures, Threshold, ChangeId, PreviousChangeId, SuccessCount, FailureCount);
}

/// <summary>A check as it was at one moment.</summary>
sealed record CheckView(string Name, string Level, string Startup, string Status, int Successes, int Failures, int Threshold,
    string ChangeId, string PreviousChangeId, long SuccessCount, long FailureCount);

/// <summary>Asks for a run now; the answer is what was wrong, or null.</summary>
sealed record RefreshRequest(TaskCompletionSource<string?> Answer);
