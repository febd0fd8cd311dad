using System.Globalization;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.State;

namespace Pebble.Checks;

/// <summary>The tasks that run a check again and again: one until it has failed too often, one until it succeeds.</summary>
sealed class CheckTasks(Daemon daemon, CheckRegister checks, CheckRunner runner)
{
    public async Task PerformAsync(ChangeTask task, CancellationToken cancellation)
    {
        var (changeId, config, check) = Running(task);
        var (successes, failures) = (0, 0);
        while (await NextAsync(check, config, cancellation) is { } refresh)
        {
            var error = await runner.RunAsync(config, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                refresh.Answer.TrySetResult(error);
                return;
            }

            if (error is null)
            {
                successes++;
                checks.Count(config, changeId, success: true, successes, 0);
                if (failures > 0)
                {
                    Note(task, successes, 0, log: each => each.LogInfo($"succeeded after {failures} {(failures == 1 ? "failure" : "failures")}"));
                }

                failures = 0;
                refresh.Answer.TrySetResult(null);
                continue;
            }

            failures++;
            Logger.Notice($"Check {GoQuote.Quote(config.Name)} failure {failures}/{config.Threshold}: {error}");
            if (failures >= config.Threshold)
            {
                Logger.Notice($"Check {GoQuote.Quote(config.Name)} threshold {config.Threshold} hit, triggering action and recovering");
                checks.CountLast(config.Name, success: false);
                Note(task, successes, failures, log: CheckCounts.Proceed);
                daemon.Services.CheckFailed(config.Name);
                refresh.Answer.TrySetResult(error);
                throw new TaskFailure(error);
            }

            Note(task, successes, failures, log: each => each.LogError(error));
            checks.Count(config, changeId, success: false, successes, failures);
            refresh.Answer.TrySetResult(error);
        }
    }

    public async Task RecoverAsync(ChangeTask task, CancellationToken cancellation)
    {
        var (changeId, config, check) = Running(task);
        int successes;
        int failures;
        using (daemon.State.Enter())
        {
            (successes, failures) = CheckCounts.Of(task);
        }

        while (await NextAsync(check, config, cancellation) is { } refresh)
        {
            var error = await runner.RunAsync(config, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                refresh.Answer.TrySetResult(error);
                return;
            }

            if (error is null)
            {
                checks.CountLast(config.Name, success: true);
                Note(task, 1, 0, log: CheckCounts.Proceed);
                refresh.Answer.TrySetResult(null);
                return;
            }

            failures++;
            Logger.Notice($"Check {GoQuote.Quote(config.Name)} failure {failures}/{config.Threshold}: {error}");
            Note(task, successes, failures, log: each => each.LogError(error));
            checks.Count(config, changeId, success: false, successes, failures);
            refresh.Answer.TrySetResult(error);
        }
    }

    /// <summary>Waits for the next turn, or for a request to have it now; null when the check is stopped.</summary>
    static async Task<RefreshRequest?> NextAsync(HealthCheck check, CheckConfig config, CancellationToken cancellation)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        turn.CancelAfter(config.EffectivePeriod < CheckRunner.Longest ? config.EffectivePeriod : CheckRunner.Longest);
        try
        {
            return await check.Refreshes.Reader.ReadAsync(turn.Token);
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? null : new RefreshRequest(new());
        }
    }

    (string ChangeId, CheckConfig Config, HealthCheck Check) Running(ChangeTask task)
    {
        string id;
        using (daemon.State.Enter())
        {
            id = task.Change!.Id;
        }

        return checks.FindByChange(id) is var (config, check) ? (id, config, check) : throw new TaskFailure("check was running when the daemon ended");
    }

    void Note(ChangeTask task, int successes, int failures, Action<ChangeTask> log)
    {
        using (daemon.State.Enter())
        {
            CheckCounts.Set(task, successes, failures);
            log(task);
            daemon.State.MarkModified();
        }
    }
}

/// <summary>What a check's task keeps: how often in a row it went well or not, and whether another change follows it.</summary>
static class CheckCounts
{
    public static void Set(ChangeTask task, int successes, int failures)
    {
        task.Values.Set("successes", successes);
        task.Values.Set("failures", failures);
    }

    public static (int Successes, int Failures) Of(ChangeTask task) => (Count(task, "successes"), Count(task, "failures"));

    public static void Proceed(ChangeTask task) => task.Values.SetJson("proceed", "true");

    public static bool Proceeds(ChangeTask task) => task.Values.Has("proceed");

    static int Count(ChangeTask task, string name) => int.Parse(task.Values.Json(name) ?? "0", CultureInfo.InvariantCulture);
}
