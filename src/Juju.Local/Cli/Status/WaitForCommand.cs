using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Status;

static class WaitForCommand
{
    public static Command Command => new("wait-for", "<application|unit|model> <name>", "Wait for an entity to reach a specified state.", RunAsync)
    {
        Flags =
        [
            Flag.Value("query", "expression", "Query the goal state"),
            Flag.Value("timeout", "duration", "How long to wait, before timing out", "10m0s"),
            Flag.Switch("summary", "Output a summary of the application query on exit"),
        ],
        Details = """
            The query compares fields of the entity: life, status (application, model), workload-status, agent-status, leader
            (unit), units (application, model), applications (model). It has == != < > <= >= && || ! ( ), len(x), startsWith(x, y),
            endsWith(x, y) and forEach(x, item => query).
            Without one: alive and active (available for a model).
            """,
        Examples =
        [
            "wait-for application discourse-k8s --timeout 5m",
            "wait-for application discourse-k8s --query='status==\"active\" && len(units) == 3'",
            "wait-for model forum --query='forEach(units, unit => unit.workload-status == \"active\")'",
        ],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("what to wait for must be given: application, unit or model");
        }

        invocation.AtMost(2);
        var kind = invocation.Arguments[0];
        if (kind is not ("application" or "unit" or "model"))
        {
            throw new UsageException($"cannot wait for \"{kind}\"; one of application, unit, model");
        }

        var name = invocation.Arguments.Count == 2 ? invocation.Arguments[1] : throw new UsageException($"{kind} name must be supplied when waiting for it");
        var query = WaitQuery.Parse(invocation.Line.Text("query") ?? Usual(kind));
        var timeout = invocation.Line.Duration("timeout", TimeSpan.FromMinutes(10));
        var (controller, model) = kind == "model"
            ? (await invocation.ConnectAsync(cancellation), CurrentModel.BareName(name))
            : await invocation.OpenAsync(cancellation);

        var clock = invocation.Terminal.Clock;
        var begin = clock.GetTimestamp();
        var last = "";
        while (true)
        {
            var status = await StatusOrNullAsync(controller, model, cancellation);
            var entity = status is null ? new JsonObject { ["life"] = "dead" } : Entity(status, kind, name);
            if (query.IsTrue(entity))
            {
                invocation.Tell($"{kind} \"{name}\" reached the goal state");
                return 0;
            }

            var now = $"{entity["status"] ?? entity["workload-status"] ?? entity["life"]}";
            if (now != last)
            {
                invocation.Tell($"{kind} \"{name}\" is {now}");
                last = now;
            }

            var left = timeout - clock.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
            {
                throw new CommandException($"timed out waiting for {kind} \"{name}\" to reach goal state");
            }

            await controller.WaitAsync(new(model, status?.Version ?? 0, Math.Min(left.TotalSeconds, 5)), cancellation);
        }
    }

    static async Task<ModelStatus?> StatusOrNullAsync(ControllerClient controller, string model, CancellationToken cancellation)
    {
        try
        {
            return await controller.StatusAsync(model, cancellation);
        }
        catch (ControllerException gone) when (gone.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    static string Usual(string kind) => kind switch
    {
        "application" => "life==\"alive\" && status==\"active\"",
        "unit" => "life==\"alive\" && workload-status==\"active\"",
        _ => "life==\"alive\" && status==\"available\"",
    };

    // An entity that is not there yet, or is gone, has the life "dead" and nothing else.
    static JsonObject Entity(ModelStatus status, string kind, string name)
    {
        var units = status.Applications.Values.SelectMany(application => application.Units);
        return kind switch
        {
            "application" => status.Applications.TryGetValue(name, out var application) ? Application(application) : new() { ["life"] = "dead" },
            "unit" => units.FirstOrDefault(unit => unit.Name == name || (unit.Leader && name == unit.Name.Split('/')[0] + "/leader")) is { } unit
                ? Unit(unit)
                : new() { ["life"] = "dead" },
            _ => new JsonObject
            {
                ["name"] = status.Model.Name,
                ["life"] = status.Model.Life,
                ["status"] = status.Model.Status.Current,
                ["is-controller"] = false,
                ["applications"] = Map(status.Applications.Values, application => application.Name, Application),
                ["units"] = Map(units, each => each.Name, Unit),
                ["machines"] = new JsonObject(),
            },
        };
    }

    static JsonObject Application(ApplicationDetails application) => new()
    {
        ["name"] = application.Name,
        ["life"] = application.Life,
        ["status"] = application.Status.Current,
        ["charm"] = application.CharmName,
        ["exposed"] = application.Exposed,
        ["scale"] = application.Scale,
        ["workload-version"] = application.WorkloadVersion ?? "",
        ["units"] = Map(application.Units, unit => unit.Name, Unit),
        ["machines"] = new JsonObject(),
    };

    static JsonObject Unit(UnitDetails unit) => new()
    {
        ["name"] = unit.Name,
        ["application"] = unit.Name.Split('/')[0],
        ["life"] = unit.Life,
        ["leader"] = unit.Leader,
        ["address"] = unit.Address ?? "",
        ["workload-status"] = unit.Workload.Current,
        ["workload-message"] = unit.Workload.Message,
        ["agent-status"] = unit.Agent.Current,
        ["status"] = unit.Workload.Current,
    };

    static JsonObject Map<T>(IEnumerable<T> items, Func<T, string> key, Func<T, JsonObject> value)
    {
        var map = new JsonObject();
        foreach (var item in items)
        {
            map[key(item)] = value(item);
        }

        return map;
    }
}
