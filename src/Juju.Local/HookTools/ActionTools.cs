using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

static partial class ActionTools
{
    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        var task = TaskOf(context);
        JsonNode? value = task.Parameters;
        foreach (var part in flags.AtMostOne()?.Split('.') ?? [])
        {
            value = (value as JsonObject)?[part];
        }

        return value?.DeepClone();
    }

    public static ToolResult Set(HookContext context, ToolFlags flags)
    {
        TaskOf(context);
        if (flags.Arguments.Count == 0)
        {
            return ToolResult.Silent;
        }

        foreach (var argument in flags.Arguments)
        {
            var equals = argument.IndexOf('=');
            if (equals <= 0)
            {
                throw ToolException.Usage($"argument \"{argument}\" must be of the form key...=value");
            }

            SetOne(context.Results, argument[..equals], argument[(equals + 1)..]);
        }

        return ToolResult.Silent;
    }

    static void SetOne(JsonObject results, string key, string value)
    {
        if (key is "stdout" or "stderr" or "stdout-encoding" or "stderr-encoding")
        {
            throw new ToolException($"cannot set reserved action key \"{key}\"");
        }

        var parts = key.Split('.');
        if (parts.Any(part => !KeyPattern().IsMatch(part)))
        {
            throw ToolException.Usage(
                $"key \"{key}\" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric, hyphens and periods");
        }

        foreach (var part in parts.SkipLast(1))
        {
            if (results[part] is not JsonObject inner)
            {
                results[part] = inner = [];
            }

            results = inner;
        }

        results[parts[^1]] = value;
    }

    public static ToolResult Fail(HookContext context, ToolFlags flags)
    {
        TaskOf(context);
        context.Failure = flags.AtMostOne() ?? "action failed without reason given, check action for errors";
        return ToolResult.Silent;
    }

    public static ToolResult Log(HookContext context, ToolFlags flags)
    {
        TaskOf(context);
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("no message specified");
        }

        var line = new TaskLine(context.Model.Now, string.Join(' ', flags.Arguments));
        context.WriteNow(state => state.Tasks.TryGetValue(context.Turn.Task!, out var task) ? state.With(task with { Log = task.Log.Add(line) }) : state);
        return ToolResult.Silent;
    }

    static TaskRecord TaskOf(HookContext context) =>
        context.IsAction && context.Seen.Tasks.TryGetValue(context.Turn.Task!, out var task) ? task : throw new ToolException("not running an action");

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex KeyPattern();
}
