using System.Text.Json.Nodes;
using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class NetworkTools
{
    public static JsonNode? GetUnit(HookContext context, ToolFlags flags) => flags.AtMostOne() switch
    {
        null => throw ToolException.Usage("no setting specified"),
        "private-address" or "public-address" => Address(context),
        var unknown => throw ToolException.Usage($"unknown setting \"{unknown}\""),
    };

    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("no arguments specified");
        }

        var binding = flags.AtMostOne()!;
        var charm = context.Seen.CharmOf(context.Seen.Units[context.Unit]).Definition;
        if (binding != "juju-info" && !charm.Endpoints.ContainsKey(binding))
        {
            throw new ToolException($"no network config found for binding \"{binding}\"");
        }

        if (flags.Has("relation"))
        {
            ToolRelations.Get(context, flags);
        }

        var address = Address(context);
        var wanted = new List<(string Key, JsonNode Value)>();
        if (flags.Is("bind-address") || flags.Is("primary-address"))
        {
            wanted.Add(("bind-address", address));
        }

        if (flags.Is("egress-subnets"))
        {
            wanted.Add(("egress-subnets", new JsonArray(address + "/32")));
        }

        if (flags.Is("ingress-address"))
        {
            wanted.Add(("ingress-address", address));
        }

        return wanted switch
        {
            [] => All(address),
            [var only] => only.Value,
            _ => new JsonObject(wanted.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))),
        };
    }

    static JsonObject All(string address) => new()
    {
        ["bind-addresses"] = new JsonArray(new JsonObject
        {
            ["mac-address"] = "",
            ["interface-name"] = "",
            ["addresses"] = new JsonArray(new JsonObject { ["hostname"] = "", ["value"] = address, ["cidr"] = "" }),
        }),
        ["egress-subnets"] = new JsonArray(address + "/32"),
        ["ingress-addresses"] = new JsonArray(address),
    };

    static string Address(HookContext context) =>
        context.Seen.Units[context.Unit].Address ?? throw new ToolException("no address found");
}
