using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Tests.Models;

public sealed class ModelPruningTests
{
    static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    static TaskRecord Task(string id, string status, DateTimeOffset? completed) => new()
    {
        Id = id, Operation = "1", Unit = "app/0", Action = "act", Parameters = [], Status = status, Enqueued = Now.AddDays(-60), Completed = completed,
    };

    static ModelState State(params TaskRecord[] tasks)
    {
        var state = new ModelState { Info = new ModelRecord { Uuid = "u", Name = "m", Created = Now } };
        foreach (var task in tasks)
        {
            state = state.With(task);
        }

        var operation = new OperationRecord("1", "act run", Now.AddDays(-60), [.. tasks.Select(task => task.Id)]);
        return state with { Operations = state.Operations.SetItem("1", operation) };
    }

    [Fact]
    public void An_operation_goes_when_its_last_task_ended_long_ago()
    {
        var state = ModelPruning.WithoutOldOperations(State(Task("2", "completed", Now.AddDays(-20)), Task("3", "failed", Now.AddDays(-15))), Now);

        Assert.Empty(state.Operations);
        Assert.Empty(state.Tasks);
    }

    [Fact]
    public void An_operation_with_a_task_that_ended_lately_or_runs_stays_whole()
    {
        var late = State(Task("2", "completed", Now.AddDays(-20)), Task("3", "completed", Now.AddDays(-13)));
        var running = State(Task("2", "completed", Now.AddDays(-20)), Task("3", "running", null));

        Assert.Same(late, ModelPruning.WithoutOldOperations(late, Now));
        Assert.Same(running, ModelPruning.WithoutOldOperations(running, Now));
    }
}
