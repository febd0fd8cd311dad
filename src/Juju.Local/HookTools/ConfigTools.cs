using System.Text.Json.Nodes;
using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class ConfigTools
{
    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        var key = flags.AtMostOne();
        if (key is not null && flags.Is("all"))
        {
            throw ToolException.Usage($"cannot use argument --all together with key \"{key}\"");
        }

        var application = context.Seen.Applications[context.Application];
        var values = new JsonObject();
        foreach (var (name, option) in context.Seen.CharmOf(context.Seen.Units[context.Unit]).Definition.Options)
        {
            var value = application.Config.TryGetValue(name, out var set) ? set : option.Default;
            if (value is not null || flags.Is("all"))
            {
                values[name] = value?.DeepClone();
            }
        }

        return key is null ? values : values[key];
    }
}
