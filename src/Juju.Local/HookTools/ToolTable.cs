using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

/// <summary>Every hook tool by its name. Source: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/.</summary>
static class ToolTable
{
    public delegate Task<ToolResult> Tool(HookContext context, ToolCall call, CancellationToken cancellation);

    static readonly Dictionary<string, Tool> Tools = new()
    {
        ["config-get"] = Reading(ConfigTools.Get, ["a|all"], []),
        ["status-get"] = Reading(StatusTools.Get, ["include-data", "application"], []),
        ["status-set"] = Plain(StatusTools.Set, ["application"], []),
        ["application-version-set"] = Plain(StatusTools.SetVersion, [], []),
        ["juju-log"] = Plain(LogTools.Log, ["debug"], ["l|log-level", "format"]),
        ["relation-ids"] = Reading(RelationTools.Ids, [], []),
        ["relation-list"] = Reading(RelationTools.List, ["app"], ["r|relation"]),
        ["relation-get"] = Reading(RelationTools.Get, ["app"], ["r|relation"]),
        ["relation-set"] = RelationTools.SetAsync,
        ["relation-model-get"] = Reading(RelationTools.GetModel, [], ["r|relation"]),
        ["is-leader"] = Reading(LeaderTools.IsLeader, [], []),
        ["unit-get"] = Reading(NetworkTools.GetUnit, [], []),
        ["network-get"] = Reading(NetworkTools.Get, ["bind-address", "ingress-address", "egress-subnets", "primary-address"], ["r|relation"]),
        ["open-port"] = Plain(PortTools.Open, [], ["endpoints", "format"]),
        ["close-port"] = Plain(PortTools.Close, [], ["endpoints", "format"]),
        ["opened-ports"] = Reading(PortTools.List, ["endpoints"], []),
        ["state-get"] = Reading(StateTools.Get, ["strict"], []),
        ["state-set"] = StateTools.SetAsync,
        ["state-delete"] = Plain(StateTools.Delete, [], []),
        ["action-get"] = Reading(ActionTools.Get, [], []),
        ["action-set"] = Plain(ActionTools.Set, [], []),
        ["action-fail"] = Plain(ActionTools.Fail, [], []),
        ["action-log"] = Plain(ActionTools.Log, [], []),
        ["secret-add"] = SecretTools.AddAsync,
        ["secret-set"] = SecretTools.SetAsync,
        ["secret-get"] = Reading(SecretTools.Get, ["peek", "refresh"], ["label"], "yaml"),
        ["secret-info-get"] = Reading(SecretTools.GetInfo, [], ["label"], "yaml"),
        ["secret-ids"] = Reading(SecretTools.Ids, [], []),
        ["secret-grant"] = Plain(SecretTools.Grant, [], ["r|relation", "unit"]),
        ["secret-revoke"] = Plain(SecretTools.Revoke, [], ["r|relation", "app|application", "unit"]),
        ["secret-remove"] = Plain(SecretTools.Remove, [], ["revision"]),
        ["storage-list"] = Reading(StorageTools.List, [], []),
        ["storage-get"] = Reading(StorageTools.Get, [], ["s"]),
        ["storage-add"] = Plain(StorageTools.Add, [], []),
        ["goal-state"] = Reading(GoalStateTool.Get, [], [], "yaml"),
        ["resource-get"] = Plain(ResourceTools.Get, [], []),
        ["credential-get"] = Reading(LeaderTools.GetCredential, [], []),
        ["juju-reboot"] = Plain(LeaderTools.Reboot, ["now"], []),
    };

    public static IEnumerable<string> Names => Tools.Keys;

    public static async Task<ToolResult> RunAsync(HookContext context, ToolCall call, CancellationToken cancellation)
    {
        try
        {
            return Tools.TryGetValue(call.Name, out var tool)
                ? await tool(context, call, cancellation)
                : throw ToolException.Usage($"unknown command \"{call.Name}\"");
        }
        catch (ToolException refused)
        {
            return new ToolResult("", $"ERROR {refused.Message}\n", refused.ExitCode);
        }
    }

    delegate System.Text.Json.Nodes.JsonNode? ReadingTool(HookContext context, ToolFlags flags);

    delegate ToolResult PlainTool(HookContext context, ToolFlags flags);

    static Tool Reading(ReadingTool tool, string[] booleans, string[] valued, string otherwise = "smart") => async (context, call, cancellation) =>
    {
        var flags = ToolFlags.Parse(call.Arguments, booleans, [.. valued, "format", "o|output"]);
        var text = ToolFormat.Write(tool(context, flags), flags.Get("format"), otherwise);
        if (flags.Get("output") is not { } file)
        {
            return new ToolResult(text);
        }

        await call.WriteFile(file, System.Text.Encoding.UTF8.GetBytes(text), cancellation);
        return ToolResult.Silent;
    };

    static Tool Plain(PlainTool tool, string[] booleans, string[] valued) => (context, call, _) =>
    {
        var flags = ToolFlags.Parse(call.Arguments, booleans, valued);
        var result = tool(context, flags);
        return Task.FromResult(
            flags.Has("format") ? result with { Error = $"--format flag deprecated for command \"{call.Name}\"\n" + result.Error } : result);
    };
}
