using System.Collections.Concurrent;
using Pebble.State;

namespace Pebble.Exec;

/// <summary>The commands that were asked for and are not over.</summary>
sealed class Executions
{
    readonly ConcurrentDictionary<string, Execution> executions = new();
    readonly Daemon daemon;

    public Executions(Daemon daemon)
    {
        this.daemon = daemon;
        daemon.Runner.AddHandler("exec", RunAsync);
    }

    public void Add(string taskId, ExecSetup setup) => executions[taskId] = new Execution(daemon, taskId, setup);

    public Execution? Find(string taskId) => executions.GetValueOrDefault(taskId);

    async Task RunAsync(ChangeTask task, CancellationToken cancellation)
    {
        // One left from before the daemon was started is not run again.
        if (!executions.TryGetValue(task.Id, out var execution))
        {
            return;
        }

        try
        {
            var exitCode = await execution.RunAsync(cancellation);
            SetExitCode(task, exitCode);
        }
        catch (ExecFailure e)
        {
            if (e.WasStarted)
            {
                SetExitCode(task, -1);
            }

            throw new TaskFailure(e.Message);
        }
        finally
        {
            executions.TryRemove(task.Id, out _);
        }
    }

    void SetExitCode(ChangeTask task, int exitCode)
    {
        using (daemon.State.Enter())
        {
            task.ApiData.Set("exit-code", exitCode);
            daemon.State.MarkModified();
        }
    }
}

/// <summary>A command did not come to its end.</summary>
/// <param name="message">Why.</param>
/// <param name="wasStarted">It was tried to be started, so there is an exit code: -1.</param>
sealed class ExecFailure(string message, bool wasStarted) : Exception(message)
{
    public bool WasStarted => wasStarted;
}
