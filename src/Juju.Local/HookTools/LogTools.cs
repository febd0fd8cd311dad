using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

static class LogTools
{
    public static ToolResult Log(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("no message specified");
        }

        var given = flags.Is("debug") ? "DEBUG" : flags.Get("log-level")?.ToUpperInvariant() ?? "INFO";
        var isKnown = given is "TRACE" or "DEBUG" or "INFO" or "WARNING" or "ERROR" or "CRITICAL";
        var entity = UnitRecord.TagOf(context.Unit);
        var module = $"unit.{context.Unit}.juju-log";
        var prefix = context.Turn is { Kind: HookKind.Relation, Relation: { } id } ? $"{EndpointOf(context.Turn)}:{id}: " : "";
        if (!isKnown)
        {
            context.Model.Log.Add(entity, "WARNING", module, $"{prefix}Specified log level of {given} is not valid");
        }

        context.Model.Log.Add(entity, isKnown ? given : "INFO", module, prefix + string.Join(' ', flags.Arguments));
        return ToolResult.Silent;
    }

    static string EndpointOf(HookRun turn) => turn.Name[..turn.Name.LastIndexOf("-relation-", StringComparison.Ordinal)];
}
