using Pebble.State;

namespace Pebble.Tests.State;

public sealed class TaskRunnerTests
{
    readonly DaemonState state = new(TimeProvider.System, null);
    readonly TaskRunner runner;
    readonly List<string> did = [];

    public TaskRunnerTests()
    {
        runner = new TaskRunner(state);
        runner.AddHandler("do", Do);
        runner.AddHandler("fail", (_, _) => throw new TaskFailure("went wrong"));
        runner.AddHandler("undoable", Do, Undo);
        runner.AddHandler("hang", (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, cancellation));
    }

    Task Do(ChangeTask task, CancellationToken _) => Note(task.Summary);

    Task Undo(ChangeTask task, CancellationToken _) => Note("un" + task.Summary);

    Task Note(string what)
    {
        lock (did)
        {
            did.Add(what);
        }

        return Task.CompletedTask;
    }

    Change Make(params (string Kind, string Summary, int Lane, int? After)[] tasks)
    {
        using (state.Enter())
        {
            var change = state.NewChange("test", "Test");
            var made = new List<ChangeTask>();
            foreach (var (kind, summary, lane, after) in tasks)
            {
                var task = state.NewTask(kind, summary);
                if (lane > 0)
                {
                    task.JoinLane(lane);
                }

                if (after is { } index)
                {
                    task.WaitFor(made[index]);
                }

                change.AddTask(task);
                made.Add(task);
            }

            runner.EnsureLocked();
            return change;
        }
    }

    static Task Ready(Change change) => change.Ready.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Tasks_run_after_those_they_wait_for()
    {
        var change = Make(("do", "a", 0, null), ("do", "b", 0, 0), ("do", "c", 0, 1));

        await Ready(change);

        Assert.Equal(["a", "b", "c"], did);
        Assert.Equal(Status.Done, change.Status);
    }

    [Fact]
    public async Task A_failure_holds_the_rest_of_its_lane_alone()
    {
        var change = Make(("fail", "a", 1, null), ("do", "b", 1, 0), ("do", "c", 2, null));

        await Ready(change);

        Assert.Equal([Status.Error, Status.Hold, Status.Done], change.Tasks.Select(task => task.Status));
        Assert.Equal("cannot perform the following tasks:\n- a (went wrong)", change.Error);
    }

    [Fact]
    public async Task What_was_done_in_a_failed_lane_is_undone()
    {
        var change = Make(("undoable", "a", 1, null), ("fail", "b", 1, 0));

        await Ready(change);

        Assert.Equal(["a", "una"], did);
        Assert.Equal([Status.Undone, Status.Error], change.Tasks.Select(task => task.Status));
    }

    [Fact]
    public async Task An_abort_stops_what_runs_and_holds_the_rest()
    {
        var change = Make(("hang", "a", 0, null), ("do", "b", 0, 0));
        await TestDaemon.UntilAsync(() => change.Tasks[0].Status == Status.Doing);

        using (state.Enter())
        {
            change.Abort();
            Assert.Equal(Status.Abort, change.Status);
            runner.EnsureLocked();
        }

        await Ready(change);
        Assert.Equal([Status.Error, Status.Hold], change.Tasks.Select(task => task.Status));
        Assert.Empty(did);
    }

    [Fact]
    public async Task A_task_of_an_unknown_kind_succeeds()
    {
        var change = Make(("from-the-future", "a", 0, null));

        await Ready(change);

        Assert.Equal(Status.Done, change.Status);
    }

    [Fact]
    public void A_task_keeps_the_last_ten_lines_of_its_log()
    {
        using (state.Enter())
        {
            var task = state.NewTask("do", "a");
            for (var line = 0; line < 15; line++)
            {
                task.LogInfo($"line {line}");
            }

            Assert.Equal(10, task.Log.Count);
            Assert.EndsWith(" INFO line 5", task.Log[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_written_reads_back_the_same()
    {
        await Ready(Make(("do", "a", 1, null), ("fail", "b", 1, 0), ("undoable", "c", 2, null)));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        state.Snapshot(bytes);

        var again = new DaemonState(TimeProvider.System, null);
        StateJson.Read(again, bytes.WrittenMemory);
        var second = new System.Buffers.ArrayBufferWriter<byte>();
        again.Snapshot(second);

        Assert.Equal(System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan), System.Text.Encoding.UTF8.GetString(second.WrittenSpan));
        Assert.True(again.FindChange("1")!.IsReady);
    }
}
