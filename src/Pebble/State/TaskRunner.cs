namespace Pebble.State;

/// <summary>Does (or undoes) a task. Throws <see cref="TaskFailure"/> if it cannot; cancelled when the task is aborted.</summary>
delegate Task TaskHandler(ChangeTask task, CancellationToken cancellation);

/// <summary>Runs the tasks whose turn it is: those that wait for no other, each in its own time.</summary>
sealed class TaskRunner(DaemonState state)
{
    readonly Dictionary<string, (TaskHandler Do, TaskHandler? Undo)> handlers = [];
    readonly Dictionary<ChangeTask, CancellationTokenSource> running = [];
    readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool stopped;

    public void AddHandler(string kind, TaskHandler doIt, TaskHandler? undoIt = null) => handlers[kind] = (doIt, undoIt);

    /// <summary>Starts whatever can start now. Called after tasks were added or aborted; never under the state's lock.</summary>
    public void Ensure()
    {
        using (state.Enter())
        {
            EnsureLocked();
        }
    }

    /// <summary>The same, for callers that hold the lock.</summary>
    public void EnsureLocked()
    {
        if (stopped)
        {
            return;
        }

        bool again;
        do
        {
            again = false;
            foreach (var task in state.UnreadyTasks.OrderBy(each => each.Number).ToArray())
            {
                again |= task.Change is not null && Consider(task);
            }
        }
        while (again);
    }

    /// <summary>Cancels what runs and waits for it. What does not succeed is left to be done after the next start.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using (state.Enter())
        {
            stopped = true;
            foreach (var each in running.Values)
            {
                _ = each.CancelAsync();
            }

            if (running.Count == 0)
            {
                idle.TrySetResult();
            }
        }

        await idle.Task.WaitAsync(cancellation);
    }

    /// <summary>Moves a task one step; true if that may let others move.</summary>
    bool Consider(ChangeTask task)
    {
        if (task.Status == Status.Abort)
        {
            if (running.TryGetValue(task, out var source))
            {
                _ = source.CancelAsync();
                return false;
            }

            task.SetStatus(HandlerOf(task).Undo is null ? Status.Hold : Status.Undo);
            return true;
        }

        if (running.ContainsKey(task) || task.Status.IsReady() || MustWait(task))
        {
            return false;
        }

        if (task.Status == Status.Undo && HandlerOf(task).Undo is null)
        {
            task.SetStatus(Status.Done);
            return true;
        }

        Run(task);
        return false;
    }

    bool MustWait(ChangeTask task) => task.Status switch
    {
        Status.Do => task.WaitsFor.Select(state.TaskByNumber).Any(each => each is not null && each.Status != Status.Done),
        Status.Undo => task.Halts.Select(state.TaskByNumber).Any(each => each is not null && !each.Status.IsReady()),
        _ => false,
    };

    /// <summary>A task of a kind that nobody knows (any more) succeeds.</summary>
    (TaskHandler Do, TaskHandler? Undo) HandlerOf(ChangeTask task) =>
        handlers.TryGetValue(task.Kind, out var found) ? found : ((_, _) => Task.CompletedTask, null);

    void Run(ChangeTask task)
    {
        task.SetStatus(task.Status is Status.Undo or Status.Undoing ? Status.Undoing : Status.Doing);
        var handler = HandlerOf(task);
        var action = task.Status == Status.Undoing ? handler.Undo! : handler.Do;
        var source = new CancellationTokenSource();
        running.Add(task, source);
        _ = Task.Run(() => PerformAsync(task, action, source), CancellationToken.None);
    }

    async Task PerformAsync(ChangeTask task, TaskHandler action, CancellationTokenSource source)
    {
        string? failure = null;
        try
        {
            await action(task, source.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            failure = "task was aborted";
        }
#pragma warning disable CA1031 // The outermost turn of a task: whatever went wrong is the task's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e.Message;
        }

        using (state.Enter())
        {
            running.Remove(task);
            End(task, failure);
            EnsureLocked();
            if (stopped && running.Count == 0)
            {
                idle.TrySetResult();
            }
        }
    }

    void End(ChangeTask task, string? failure)
    {
        if (failure is null)
        {
            // Aborted, but done all the same: it has to be undone.
            task.SetStatus(task.Status switch
            {
                Status.Doing => Status.Done,
                Status.Abort => Status.Undo,
                Status.Undoing => Status.Undone,
                var other => other,
            });
            return;
        }

        if (stopped)
        {
            // Perhaps only because the daemon stops: leave it as it is, to be tried again.
            return;
        }

        // The order matters: the error is seen by whoever waits for the change.
        task.LogError(failure);
        task.Change!.AbortLanes(task.Lanes);
        task.SetStatus(Status.Error);
        Logger.Notice($"Change {task.Change.Id} task ({task.Summary}) failed: {failure}");
    }
}
