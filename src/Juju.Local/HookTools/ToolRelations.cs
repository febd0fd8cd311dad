using System.Globalization;
using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

/// <summary>Which relations a turn can see, and how a tool names one.</summary>
static class ToolRelations
{
    /// <summary>From the unit's relation-created to its broken, both included.</summary>
    public static IEnumerable<RelationRecord> Visible(HookContext context) =>
        context.View.RelationsOf(context.Application).Where(relation =>
            context.Turn.Relation == relation.Id
            || context.Agent.Relations.GetValueOrDefault(relation.Id) is { Created: true, Broken: false });

    /// <summary>The relation of <c>-r</c>, else of the turn.</summary>
    public static RelationRecord Get(HookContext context, ToolFlags flags)
    {
        if (flags.Get("relation") is not { } text)
        {
            return context.Turn.Relation is { } current && context.View.FindRelation(current) is { } own
                ? own
                : throw ToolException.Usage("no relation id specified");
        }

        var digits = text[(text.LastIndexOf(':') + 1)..];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw ToolException.Usage($"invalid value \"{text}\" for option -r: invalid relation id");
        }

        return Visible(context).FirstOrDefault(relation => relation.Id == id)
            ?? throw ToolException.Usage($"invalid value \"{text}\" for option -r: relation not found");
    }

    /// <summary>The remote units the charm was told of; the departing one no longer.</summary>
    public static IEnumerable<string> Members(HookContext context, RelationRecord relation)
    {
        var members = (context.Agent.Relations.GetValueOrDefault(relation.Id)?.Members.Keys ?? []).ToHashSet();
        if (context.Turn.Relation == relation.Id && context.Turn.RemoteUnit is { } unit)
        {
            if (context.Turn.Is("departed"))
            {
                members.Remove(unit);
            }
            else
            {
                members.Add(unit);
            }
        }

        return members.Order(StringComparer.Ordinal);
    }
}
