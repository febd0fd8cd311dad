using System.Text.Json;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.State;

namespace Pebble.Services;

/// <summary>The tasks that start and stop services, one after the other in each lane. Made under the state's lock.</summary>
static class ServiceTasks
{
    /// <summary>In a task's kept request, spelled as the Go program spells it.</summary>
    const string RequestName = "Name";

    public static List<ChangeTask> Start(DaemonState state, IReadOnlyList<IReadOnlyList<string>> lanes) => Make(state, "start", "Start", lanes);

    public static List<ChangeTask> Stop(DaemonState state, IReadOnlyList<IReadOnlyList<string>> lanes) => Make(state, "stop", "Stop", lanes);

    /// <summary>One change that stops all that runs, dependants first; null if nothing runs.</summary>
    public static Change? StopAll(Daemon daemon)
    {
        var alive = daemon.Services.Alive();
        IReadOnlyList<IReadOnlyList<string>> lanes =
            [.. ServiceOrder.ForStop(daemon.Plan.Current, [.. daemon.Plan.Current.Services.Keys])
                .Select(lane => lane.Where(alive.Contains).ToArray())
                .Where(lane => lane.Length > 0)];
        if (lanes.Count == 0)
        {
            return null;
        }

        using (daemon.State.Enter())
        {
            var change = daemon.State.NewChange("stop", "Stop all running services");
            Stop(daemon.State, lanes).ForEach(change.AddTask);
            daemon.Runner.EnsureLocked();
            return change;
        }
    }

    /// <summary>The service that a task is about.</summary>
    public static string ServiceOf(ChangeTask task)
    {
        using var request = JsonDocument.Parse(task.Values.Json("service-request") ?? throw new TaskFailure("task has no service"));
        return request.RootElement.GetProperty(RequestName).GetString()!;
    }

    static List<ChangeTask> Make(DaemonState state, string kind, string verb, IReadOnlyList<IReadOnlyList<string>> lanes)
    {
        List<ChangeTask> tasks = [];
        foreach (var services in lanes)
        {
            var lane = state.NewLane();
            ChangeTask? previous = null;
            foreach (var name in services)
            {
                var task = state.NewTask(kind, $"{verb} service {GoQuote.Quote(name)}");
                task.Values.SetJson("service-request", $$"""{"{{RequestName}}":"{{JsonEncodedText.Encode(name)}}"}""");
                task.JoinLane(lane);
                if (previous is not null)
                {
                    task.WaitFor(previous);
                }

                tasks.Add(previous = task);
            }
        }

        return tasks;
    }
}
