using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class ResourceTools
{
    /// <summary>A file resource is laid out in the unit's resources folder; of an image, a YAML file that names it.</summary>
    public static ToolResult Get(HookContext context, ToolFlags flags)
    {
        var name = flags.AtMostOne() ?? throw ToolException.Usage("missing required resource name");
        var charm = context.Seen.CharmOf(context.Seen.Units[context.Unit]).Definition;
        if (!charm.Resources.TryGetValue(name, out var definition))
        {
            throw new ToolException($"could not download resource: resource \"{name}\" not found");
        }

        if (!context.Seen.Applications[context.Application].Resources.ContainsKey(name) && definition.Type == "file")
        {
            throw new ToolException($"could not download resource: resource#{context.Application}/{name} not found");
        }

        var file = definition.Type == "file" ? definition.Filename ?? name : "content.yaml";
        return new ToolResult($"/var/lib/juju/agents/unit-{context.Unit.Replace('/', '-')}/resources/{name}/{file}");
    }
}
