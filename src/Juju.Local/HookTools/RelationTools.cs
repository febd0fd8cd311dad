using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;
using Juju.Local.State;
using Juju.Local.Yaml;

namespace Juju.Local.HookTools;

static class RelationTools
{
    public static JsonNode? Ids(HookContext context, ToolFlags flags)
    {
        var endpoint = flags.AtMostOne()
            ?? (context.Turn.Relation is { } id ? context.View.FindRelation(id)?.SideOf(context.Application).Endpoint : null)
            ?? throw ToolException.Usage("no endpoint name specified");
        return ToolFormat.Strings(
            from relation in ToolRelations.Visible(context)
            where relation.SideOf(context.Application).Endpoint == endpoint
            select $"{endpoint}:{relation.Id}");
    }

    public static JsonNode? List(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        var relation = ToolRelations.Get(context, flags);
        return flags.Is("app")
            ? relation.OtherSide(context.Application).Application
            : ToolFormat.Strings(ToolRelations.Members(context, relation));
    }

    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(2);
        var relation = ToolRelations.Get(context, flags);
        var key = flags.Arguments is [var first, ..] && first != "-" ? first : null;
        var target = flags.Arguments is [_, var second] ? second : DefaultTarget(context, flags, relation);
        var bag = ReadBag(context, relation, TargetOf(flags, target));
        return key is null ? ToolFormat.Map(bag.Data) : bag.Data.GetValueOrDefault(key);
    }

    static string DefaultTarget(HookContext context, ToolFlags flags, RelationRecord relation)
    {
        var isOwn = context.Turn.Relation == relation.Id;
        if (isOwn && context.Turn.RemoteUnit is { } unit && !flags.Is("app"))
        {
            return unit;
        }

        return isOwn || flags.Is("app")
            ? context.Turn.RemoteApplication ?? relation.OtherSide(context.Application).Application
            : throw ToolException.Usage("no unit or application specified");
    }

    static string TargetOf(ToolFlags flags, string target)
    {
        if (flags.Is("app"))
        {
            return target.Contains('/') ? UnitRecord.ApplicationOf(target) : target;
        }

        if (!target.Contains('/'))
        {
            // An application event reads the application without being told to.
            return flags.Arguments.Count == 2 ? throw ToolException.Usage($"expected unit name, got application name \"{target}\"") : target;
        }

        return int.TryParse(target.AsSpan(target.IndexOf('/') + 1), out _) ? target : throw ToolException.Usage($"invalid unit name \"{target}\"");
    }

    static Bag ReadBag(HookContext context, RelationRecord relation, string entity)
    {
        if (entity == context.Application && !relation.IsPeer && !context.IsLeader)
        {
            throw new ToolException("permission denied");
        }

        var isMember = entity.Contains('/') ? entity == context.Unit || relation.Units.ContainsKey(entity) : relation.Has(entity);
        return isMember ? relation.BagOf(entity) : throw new ToolException($"permission denied (unauthorized access)");
    }

    public static async Task<ToolResult> SetAsync(HookContext context, ToolCall call, CancellationToken cancellation)
    {
        var flags = ToolFlags.Parse(call.Arguments, ["app"], ["r|relation", "file", "format"]);
        var relation = ToolRelations.Get(context, flags);
        var changes = new Dictionary<string, string>();
        if (flags.Get("file") is { } file)
        {
            foreach (var (key, value) in ParseMap(await call.ReadFile(file, cancellation)))
            {
                changes[key] = value;
            }
        }

        foreach (var argument in flags.Arguments)
        {
            var (key, value) = ToolValues.Split(argument);
            changes[key] = value;
        }

        if (flags.Is("app") && !context.IsLeader)
        {
            throw new ToolException("cannot write relation settings");
        }

        var entity = flags.Is("app") ? context.Application : context.Unit;
        if (changes.Count > 0)
        {
            context.Write(state => WriteBag(state, relation.Id, entity, changes));
        }

        return flags.Has("format") ? new ToolResult("", "--format flag deprecated for command \"relation-set\"\n") : ToolResult.Silent;
    }

    // A relation that has gone meanwhile takes its settings with it.
    static ModelState WriteBag(ModelState state, int id, string entity, Dictionary<string, string> changes)
    {
        if (state.FindRelation(id) is not { } relation)
        {
            return state;
        }

        var before = relation.BagOf(entity);
        var after = before.With(changes);
        return ReferenceEquals(before, after) ? state
            : state.With(entity.Contains('/')
                ? relation with { Units = relation.Units.SetItem(entity, after) }
                : relation with { Applications = relation.Applications.SetItem(entity, after) });
    }

    /// <summary>A YAML map of strings; JSON is such.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ParseMap(byte[] content)
    {
        JsonNode? node;
        try
        {
            node = YamlText.Parse(Encoding.UTF8.GetString(content));
        }
        catch (FormatException broken)
        {
            throw new ToolException($"cannot parse file: {broken.Message}");
        }

        if (node is null)
        {
            return [];
        }

        var map = node as JsonObject ?? throw new ToolException("cannot parse file: expected a map");
        return map.Select(item => item.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? KeyValuePair.Create(item.Key, value.GetValue<string>())
            : throw new ToolException($"expected string value for key \"{item.Key}\", got {item.Value?.ToJsonString() ?? "null"}"));
    }

    public static JsonNode? GetModel(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        ToolRelations.Get(context, flags);
        return new JsonObject { ["uuid"] = context.View.Info.Uuid };
    }
}
