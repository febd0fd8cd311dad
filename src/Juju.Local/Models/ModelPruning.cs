using Juju.Local.State;

namespace Juju.Local.Models;

/// <summary>What is old goes: operations that ended, and statuses of the past, each by an age of the model's configuration.</summary>
/// <remarks>Source: Juju's pruners of actions and of status history, https://documentation.ubuntu.com/juju/3.6/reference/configuration/list-of-model-configuration-keys/.</remarks>
sealed class ModelPruning(Model model, TimeProvider clock)
{
    static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Now and each hour, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            model.Update(state => WithoutOldOperations(state, model.Now));
            model.Log.PruneStatus(model.Now - ModelOptions.Age(model.State, "max-status-history-age"));
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Without the operations whose tasks have all ended longer ago than <c>max-action-results-age</c>.</summary>
    public static ModelState WithoutOldOperations(ModelState state, DateTimeOffset now)
    {
        var oldest = now - ModelOptions.Age(state, "max-action-results-age");
        foreach (var operation in state.Operations.Values)
        {
            if (operation.Tasks.All(id => state.Tasks.GetValueOrDefault(id) is not { } task || (task.IsEnded && (task.Completed ?? task.Enqueued) < oldest)))
            {
                state = state with { Operations = state.Operations.Remove(operation.Id), Tasks = state.Tasks.RemoveRange(operation.Tasks) };
            }
        }

        return state;
    }
}
