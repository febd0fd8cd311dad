using System.Diagnostics.CodeAnalysis;
using Pebble.Plan;

namespace Pebble.Checks;

/// <summary>What is known of every check, and with which configuration each change runs one; behind one lock.</summary>
sealed class CheckRegister
{
    readonly Lock gate = new();
    readonly SortedDictionary<string, HealthCheck> checks = new(StringComparer.Ordinal);
    readonly Dictionary<string, CheckConfig> configs = [];

    public IReadOnlyList<CheckView> List()
    {
        lock (gate)
        {
            return [.. checks.Values.Select(each => each.View())];
        }
    }

    public CheckView? Find(string name)
    {
        lock (gate)
        {
            return checks.GetValueOrDefault(name)?.View();
        }
    }

    /// <summary>Where a check that runs takes requests to run now; null when it does not run.</summary>
    public HealthCheck? FindRunning(string name)
    {
        lock (gate)
        {
            return checks.TryGetValue(name, out var check) && check.ChangeId.Length > 0 ? check : null;
        }
    }

    /// <summary>The check that a change runs, and its configuration; null when nobody knows of it.</summary>
    public (CheckConfig Config, HealthCheck Check)? FindByChange(string changeId)
    {
        lock (gate)
        {
            return configs.TryGetValue(changeId, out var config) && checks.TryGetValue(config.Name, out var check) ? (config, check) : null;
        }
    }

    public bool TryConfigOf(string changeId, [NotNullWhen(true)] out CheckConfig? config)
    {
        lock (gate)
        {
            return configs.TryGetValue(changeId, out config);
        }
    }

    /// <summary>From now on this change runs the check.</summary>
    public void Begin(CheckConfig config, string changeId, string previous, int successes, int failures)
    {
        lock (gate)
        {
            configs[changeId] = config;
        }

        Update(config, changeId, previous, successes, failures);
    }

    /// <summary>The change is over.</summary>
    public void End(string changeId)
    {
        lock (gate)
        {
            configs.Remove(changeId);
        }
    }

    public void Update(CheckConfig config, string changeId, string previous, int successes, int failures)
    {
        lock (gate)
        {
            if (!checks.TryGetValue(config.Name, out var check))
            {
                check = checks[config.Name] = new HealthCheck(config.Name);
            }

            check.Update(config, changeId, previous, successes, failures);
        }
    }

    public void Remove(string name)
    {
        lock (gate)
        {
            checks.Remove(name);
        }
    }

    /// <summary>Takes a run's outcome, unless another change runs the check meanwhile.</summary>
    public void Count(CheckConfig config, string changeId, bool success, int successes, int failures)
    {
        lock (gate)
        {
            if (checks.TryGetValue(config.Name, out var check) && check.ChangeId == changeId)
            {
                check.SuccessCount += success ? 1 : 0;
                check.FailureCount += success ? 0 : 1;
                check.Update(config, changeId, check.PreviousChangeId, successes, failures);
            }
        }
    }

    /// <summary>Takes the outcome of the last run of a change: what follows it says how the check stands.</summary>
    public void CountLast(string name, bool success)
    {
        lock (gate)
        {
            if (checks.TryGetValue(name, out var check))
            {
                check.SuccessCount += success ? 1 : 0;
                check.FailureCount += success ? 0 : 1;
            }
        }
    }
}
