using System.Text.Json.Nodes;
using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class LeaderTools
{
    public static JsonNode? IsLeader(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        return context.IsLeader;
    }

    /// <summary>This machine is no cloud, so there is never a credential to give.</summary>
    public static JsonNode? GetCredential(HookContext _, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        throw new ToolException("cannot access cloud credentials");
    }

    public static ToolResult Reboot(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        throw new ToolException(context.IsAction
            ? "juju-reboot is not supported when running an action."
            : "juju-reboot is not supported on k8s models");
    }
}
