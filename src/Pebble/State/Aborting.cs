namespace Pebble.State;

/// <summary>
/// One abort of a change, spreading from the tasks given to those that wait for them and to the other lanes they are in.
/// A task that is also in a lane which is alive as a whole is spared.
/// </summary>
sealed class Aborting(Change change, DaemonState state)
{
    readonly HashSet<long> abortedLanes = [];
    readonly HashSet<ChangeTask> seen = [];

    public void AbortLanes(IReadOnlyList<long> lanes)
    {
        HashSet<long> alive = [];
        HashSet<long> dead = [];
        List<ChangeTask> inLanes = [];
        foreach (var task in change.Tasks)
        {
            if (task.Lanes.Any(lanes.Contains))
            {
                inLanes.Add(task);
                continue;
            }

            var isAlive = task.Status is Status.Do or Status.Doing or Status.Done;
            (isAlive ? alive : dead).UnionWith(task.Lanes);
        }

        inLanes.RemoveAll(task => task.Lanes.Any(lane => alive.Contains(lane) && !dead.Contains(lane)));
        abortedLanes.UnionWith(lanes);
        if (inLanes.Count > 0)
        {
            AbortTasks(inLanes);
        }
    }

    public void AbortTasks(List<ChangeTask> tasks)
    {
        List<long> furtherLanes = [];
        for (var index = 0; index < tasks.Count; index++)
        {
            var task = tasks[index];
            if (!seen.Add(task))
            {
                continue;
            }

            switch (task.Status)
            {
                case Status.Do:
                    task.SetStatus(Status.Hold);
                    break;
                case Status.Doing:
                    task.SetStatus(Status.Abort);
                    break;
                case Status.Done:
                    task.SetStatus(Status.Undo);
                    break;
            }

            furtherLanes.AddRange(task.Lanes.Where(lane => !abortedLanes.Contains(lane)));
            tasks.AddRange(task.Halts.Select(state.TaskByNumber).OfType<ChangeTask>().Where(halted => !seen.Contains(halted)));
        }

        if (furtherLanes.Count > 0)
        {
            AbortLanes(furtherLanes);
        }
    }
}
