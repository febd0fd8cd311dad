using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Actions;

static class OperationCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("operations", "", "Lists pending, running, or completed operations for specified application, units, machines, or all.", ListAsync)
        {
            Aliases = ["list-operations"],
            Flags =
            [
                Flag.List("actions", "names", "Comma separated list of actions names to filter on"),
                Flag.List("applications|apps", "names", "Comma separated list of applications to filter on"),
                Flag.Value("limit", "count", "The maximum number of operations to return", "0"),
                Flag.Value("offset", "count", "Return operations from offset onwards", "0"),
                Flag.List("status", "words", "Comma separated list of operation status values to filter on"),
                Flag.List("units", "names", "Comma separated list of units to filter on"),
                Flag.Switch("utc", "Show times in UTC"),
                .. OutputFlags.Of("plain|json|yaml"),
            ],
        },
        new("show-operation", "<operation-id>", "Show results of an operation.", ShowOperationAsync)
        {
            Flags =
            [
                Flag.Value("wait", "duration", "Wait for results", "-1s"), Flag.Switch("watch", "Wait indefinitely for results"), Flag.Switch("utc", "Show times in UTC"),
                .. OutputFlags.Of("yaml|json"),
            ],
        },
        new("show-task", "<task-id>", "Show results of a task by ID.", ShowTaskAsync)
        {
            Aliases = ["show-action-output"],
            Flags =
            [
                Flag.Value("wait", "duration", "Maximum wait time for a task to complete", "-1s"), Flag.Switch("watch", "Wait indefinitely for results"),
                Flag.Switch("utc", "Show times in UTC"), .. OutputFlags.Of("plain|json|yaml"),
            ],
        },
        new("cancel-task", "<task-id> [...]", "Cancel pending or running tasks.", CancelAsync)
        {
            Aliases = ["cancel-action"],
            Flags = [.. OutputFlags.Of("yaml|json")],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var line = invocation.Line;
        var format = invocation.Format("plain", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var (actions, applications, units, status) = (line.Commas("actions"), line.Commas("applications"), line.Commas("units"), line.Commas("status"));
        var operations = (await controller.ListOperationsAsync(model, cancellation))
            .Where(operation => actions.Count == 0 || operation.Tasks.Any(task => actions.Contains(task.Action)))
            .Where(operation => applications.Count == 0 || operation.Tasks.Any(task => applications.Contains(task.Unit.Split('/')[0])))
            .Where(operation => units.Count == 0 || operation.Tasks.Any(task => units.Contains(task.Unit)))
            .Where(operation => status.Count == 0 || status.Contains(operation.Status))
            .OrderBy(operation => operation.Id, NaturalOrder.Instance)
            .Skip(line.Number("offset", 0))
            .ToList();
        var limit = line.Number("limit", 0);
        operations = limit > 0 ? operations[..Math.Min(limit, operations.Count)] : operations;
        if (format != "plain")
        {
            var document = new JsonObject();
            foreach (var operation in operations)
            {
                document[operation.Id] = Describe(operation);
            }

            invocation.Write(document, format);
            return 0;
        }

        if (operations.Count == 0)
        {
            invocation.Tell("no matching operations");
            return 0;
        }

        var table = new Table("ID", "Status", "Started", "Finished", "Task IDs", "Summary");
        foreach (var operation in operations)
        {
            table.Add(
                operation.Id, Cell.Status(operation.Status), Moment(operation.Started), Moment(operation.Completed),
                string.Join(',', operation.Tasks.Select(task => task.Id)), operation.Summary);
        }

        invocation.Print(table);
        return 0;
    }

    static string Moment(DateTimeOffset? time) => time is { } known ? Documents.Rfc3339(known).Replace("Z", "", StringComparison.Ordinal) : "";

    static async Task<int> ShowOperationAsync(Invocation invocation, CancellationToken cancellation)
    {
        var id = invocation.Only("no operation ID specified");
        var format = invocation.Format("yaml", "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var operation = await FindAsync(controller, model, id, cancellation);
        if (Wait(invocation) is > 0 and var seconds)
        {
            await controller.WaitTasksAsync(new(model, [.. operation.Tasks.Select(task => task.Id)], seconds), cancellation);
            operation = await FindAsync(controller, model, id, cancellation);
        }

        invocation.Write(Describe(operation), format);
        return 0;
    }

    static async Task<OperationDetails> FindAsync(ControllerClient controller, string model, string id, CancellationToken cancellation) =>
        (await controller.ListOperationsAsync(model, cancellation)).FirstOrDefault(operation => operation.Id == id)
        ?? throw new CommandException($"operation \"{id}\" not found; see \"juju-local operations\"");

    static double Wait(Invocation invocation) => invocation.Line.Has("watch") ? TimeSpan.FromDays(1).TotalSeconds
        : invocation.Line.Text("wait") is { } text && text.StartsWith('-') ? 0
        : invocation.Line.Duration("wait", TimeSpan.Zero).TotalSeconds;

    static JsonObject Describe(OperationDetails operation)
    {
        var first = operation.Tasks is [var one, ..] ? one : null;
        var tasks = new JsonObject();
        foreach (var task in operation.Tasks)
        {
            var node = new JsonObject { ["host"] = task.Unit, ["status"] = task.Status, ["timing"] = TaskDocument.Timing(task.Enqueued, task.Started, task.Completed) };
            tasks[task.Id] = node.With("message", task.Message).With("results", task.Results.DeepClone());
        }

        return new JsonObject
        {
            ["summary"] = operation.Summary,
            ["status"] = operation.Status,
            ["action"] = new JsonObject { ["name"] = first?.Action ?? "" }
                .With("parameters", first?.Parameters.DeepClone()),
            ["timing"] = TaskDocument.Timing(operation.Enqueued, operation.Started, operation.Completed),
            ["tasks"] = tasks,
        };
    }

    static async Task<int> ShowTaskAsync(Invocation invocation, CancellationToken cancellation)
    {
        var id = invocation.Only("no task ID specified");
        var format = invocation.Format("plain", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var tasks = await controller.WaitTasksAsync(new(model, [id], Wait(invocation)), cancellation);
        var task = tasks is [var found, ..] ? found : throw new CommandException($"task \"{id}\" not found; see \"juju-local operations\"");
        invocation.Write(TaskDocument.Make(task, withUnit: false), format == "json" ? "json" : "yaml");
        return 0;
    }

    static async Task<int> CancelAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no task IDs specified");
        }

        var format = invocation.Format("yaml", "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var document = new JsonObject();
        foreach (var task in await controller.CancelTasksAsync(new(model, [.. invocation.Arguments]), cancellation))
        {
            document[task.Id] = TaskDocument.Make(task, withUnit: false);
        }

        invocation.Write(document, format);
        return 0;
    }
}
