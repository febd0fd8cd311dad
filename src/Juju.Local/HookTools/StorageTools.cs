using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class StorageTools
{
    public static JsonNode? List(HookContext context, ToolFlags flags)
    {
        var name = flags.AtMostOne();
        return ToolFormat.Strings(
            from storage in context.Seen.Storage.Values
            where storage.Unit == context.Unit && (name is null || storage.Name == name)
            select storage.Id);
    }

    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        var attribute = flags.AtMostOne();
        var id = flags.Get("s") ?? context.Turn.Storage ?? throw ToolException.Usage("no storage instance specified");
        if (!context.Seen.Storage.TryGetValue(id, out var storage) || storage.Unit != context.Unit)
        {
            throw ToolException.Usage($"invalid value \"{id}\" for option -s: storage not found");
        }

        return attribute switch
        {
            null => new JsonObject { ["kind"] = storage.Kind, ["location"] = storage.Location },
            "kind" => storage.Kind,
            "location" => storage.Location,
            _ => throw new ToolException($"invalid storage attribute \"{attribute}\""),
        };
    }

    public static ToolResult Add(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("storage add requires a storage directive");
        }

        var charm = context.Seen.CharmOf(context.Seen.Units[context.Unit]).Definition;
        foreach (var argument in flags.Arguments)
        {
            var (name, count) = argument.Split('=', 2) is [var left, var right]
                ? (left, int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                    ? number : throw ToolException.Usage($"cannot parse count: count must be greater than zero, got \"{right}\""))
                : (argument, 1);
            if (!charm.Storage.TryGetValue(name, out var definition))
            {
                throw new ToolException($"storage \"{name}\" not found");
            }

            context.Write(state => Enumerable.Range(0, count).Aggregate(state, (current, _) =>
                Storage.UnitStorage.Add(current, context.Unit, definition, null, context.Model.StorageFolder, context.Model.Now)));
        }

        return ToolResult.Silent;
    }
}
