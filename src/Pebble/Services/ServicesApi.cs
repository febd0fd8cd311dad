using Pebble.Api;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.State;

namespace Pebble.Services;

/// <summary>/v1/services and /v1/signals.</summary>
static class ServicesApi
{
    public static ValueTask<Reply> List(Daemon daemon, Request request, CancellationToken _)
    {
        var names = request.Query.List("names");
        var services = daemon.Plan.Current.Services.Values.Where(each => names.Count == 0 || names.Contains(each.Name));
        return ValueTask.FromResult(Reply.Sync(writer =>
        {
            writer.WriteStartArray();
            foreach (var service in services)
            {
                var found = daemon.Services.Find(service.Name);
                writer.WriteStartObject();
                writer.WriteString("name"u8, service.Name);
                writer.WriteString("startup"u8, service.StartsByItself ? "enabled" : "disabled");
                writer.WriteString("current"u8, found?.State.Word() ?? "inactive");
                if (found?.Since is { } since)
                {
                    writer.WriteString("current-since"u8, GoTime.Local(since));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
    }

    public static ValueTask<Reply> NotImplemented(Daemon daemon, Request request, CancellationToken cancellation) =>
        throw ApiError.BadRequest("not implemented");

    public static async ValueTask<Reply> SignalAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode request body", cancellation, "signalsPayload");
        var signal = body.String("signal");
        var services = body.Strings("services");
        if (services.Count == 0)
        {
            throw ApiError.BadRequest("must specify one or more services");
        }

        var errors = daemon.Services.Signal(services, signal);
        return errors.Count == 0 ? Reply.Sync(writer => writer.WriteBooleanValue(true)) : throw ApiError.Internal(string.Join("; ", errors));
    }

    public static async ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode data from request body", cancellation);
        var action = body.String("action");
        var names = body.Strings("services");
        switch (action)
        {
            case "replan" or "autostart" when names.Count > 0:
                throw ApiError.BadRequest($"{action} accepts no service names");
            case "replan":
                break;
            case "autostart":
                names = DefaultServices(daemon.Plan.Current);
                break;
            default:
                if (names.Count == 0)
                {
                    throw ApiError.BadRequest($"must specify services for {action} action");
                }

                break;
        }

        try
        {
            return Reply.Async(Act(daemon, action, names));
        }
        catch (PlanError e)
        {
            throw ApiError.BadRequest($"cannot {action} services: {e.Message}");
        }
    }

    static List<string> DefaultServices(CombinedPlan plan)
    {
        try
        {
            var order = ServiceOrder.ForStart(plan, [.. plan.Services.Values.Where(each => each.StartsByItself).Select(each => each.Name)]);
            return order.Count > 0 ? [.. order.SelectMany(lane => lane)] : throw new ApiError(400, "no default services", "no-default-services");
        }
        catch (PlanError e)
        {
            throw ApiError.Internal(e.Message);
        }
    }

    /// <summary>Makes the change, and returns its id.</summary>
    static string Act(Daemon daemon, string action, IReadOnlyList<string> names)
    {
        var plan = daemon.Plan.Current;
        IReadOnlyList<IReadOnlyList<string>> stop = [];
        IReadOnlyList<IReadOnlyList<string>> start = [];
        var shown = names;
        switch (action)
        {
            case "start" or "autostart":
                start = ServiceOrder.ForStart(plan, names);
                break;
            case "stop":
                stop = ServiceOrder.ForStop(plan, names);
                break;
            case "restart":
                stop = [.. ServiceOrder.ForStop(plan, names).Select(lane => lane.Where(names.Contains).ToArray()).Where(lane => lane.Length > 0)];
                start = ServiceOrder.ForStart(plan, names);
                break;
            case "replan":
                var changed = daemon.Services.TakeChanged(plan);
                stop = ServiceOrder.ForStop(plan, changed);
                start = ServiceOrder.ForStart(plan, [.. plan.Services.Values.Where(each => each.StartsByItself || changed.Contains(each.Name)).Select(each => each.Name)]);
                shown = [.. stop.Concat(start).SelectMany(lane => lane).Distinct().Order(StringComparer.Ordinal)];
                daemon.Checks.StartEnabled();
                break;
            default:
                throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}");
        }

        var count = action == "replan" ? shown.Count : (action == "stop" ? stop : start).Sum(lane => lane.Count);
        return MakeChange(daemon, action, shown, count, stop, start);
    }

    static string MakeChange(Daemon daemon, string action, IReadOnlyList<string> names, int count,
        IReadOnlyList<IReadOnlyList<string>> stop, IReadOnlyList<IReadOnlyList<string>> start)
    {
        var verb = char.ToUpperInvariant(action[0]) + action[1..];
        using (daemon.State.Enter())
        {
            var stopTasks = ServiceTasks.Stop(daemon.State, stop);
            var startTasks = ServiceTasks.Start(daemon.State, start);
            foreach (var task in startTasks)
            {
                stopTasks.ForEach(task.WaitFor);
            }

            if (stopTasks.Count + startTasks.Count == 0)
            {
                var nothing = daemon.State.NewChange(action, $"{verb} - no services");
                nothing.SetStatus(Status.Done);
                return nothing.Id;
            }

            var first = GoQuote.Quote(names[0]);
            var change = daemon.State.NewChange(action, count == 1 ? $"{verb} service {first}" : $"{verb} service {first} and {count - 1} more");
            change.Values.Set("service-names", names);
            stopTasks.ForEach(change.AddTask);
            startTasks.ForEach(change.AddTask);
            daemon.Runner.EnsureLocked();
            return change.Id;
        }
    }
}
