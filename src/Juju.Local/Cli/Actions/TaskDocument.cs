using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Actions;

/// <summary>A task as programs read it.</summary>
static class TaskDocument
{
    public static JsonObject Make(TaskDetails task, bool withUnit)
    {
        var node = new JsonObject { ["id"] = task.Id };
        node.With("message", task.Message);
        node.With("log", Documents.List(task.Log.Select(message => $"{Documents.GoTime(message.Time)} {message.Text}")));
        node.With("results", Results(task));
        node["status"] = task.Status;
        node["timing"] = Timing(task.Enqueued, task.Started, task.Completed);
        if (withUnit)
        {
            node["unit"] = task.Unit;
        }
        else
        {
            node["UnitId"] = task.Unit;
        }

        return node;
    }

    /// <summary>The results by their names, as Juju sorts them.</summary>
    public static JsonObject Results(TaskDetails task) => Sorted(task.Results);

    static JsonObject Sorted(JsonObject map)
    {
        var sorted = new JsonObject();
        foreach (var (key, value) in map.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            sorted[key] = value is JsonObject inner ? Sorted(inner) : value?.DeepClone();
        }

        return sorted;
    }

    public static JsonObject Timing(DateTimeOffset enqueued, DateTimeOffset? started, DateTimeOffset? completed) =>
        new JsonObject()
            .With("completed", completed is { } end ? Documents.GoTime(end) : null)
            .With("enqueued", Documents.GoTime(enqueued))
            .With("started", started is { } begin ? Documents.GoTime(begin) : null);

    /// <summary>Zero where there is none: an action may fail by its own word although its script went well.</summary>
    public static long ReturnCode(TaskDetails task) =>
        task.Results["return-code"] is JsonValue value && long.TryParse(value.ToString(), out var code) ? code : 0;
}
