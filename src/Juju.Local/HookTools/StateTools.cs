using System.Text;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

/// <summary>The charm's own state, kept by the controller for each unit.</summary>
static class StateTools
{
    const int MaxKeyBytes = 256, MaxValueBytes = 65_536, MaxTotalBytes = 2 * 1024 * 1024;

    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        var key = flags.AtMostOne();
        var values = Of(context.View, context.Unit).Values;
        if (key is null or "-")
        {
            return ToolFormat.Map(values);
        }

        return values.TryGetValue(key, out var value) ? value
            : flags.Is("strict") ? throw new ToolException($"\"{key}\" not found") : null;
    }

    public static async Task<ToolResult> SetAsync(HookContext context, ToolCall call, CancellationToken cancellation)
    {
        var flags = ToolFlags.Parse(call.Arguments, [], ["file", "format"]);
        var changes = new Dictionary<string, string>();
        if (flags.Get("file") is { } file)
        {
            foreach (var (key, value) in RelationTools.ParseMap(await call.ReadFile(file, cancellation)))
            {
                changes[key] = value;
            }
        }

        foreach (var argument in flags.Arguments)
        {
            var (key, value) = ToolValues.Split(argument);
            changes[key] = value;
        }

        foreach (var (key, value) in changes)
        {
            if (Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
            {
                throw new ToolException($"max length for a charm state key ({MaxKeyBytes}) exceeded: quota limit exceeded");
            }

            if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes)
            {
                throw new ToolException($"max length for a charm state value ({MaxValueBytes}) exceeded: quota limit exceeded");
            }
        }

        context.Write(state => With(state, context.Unit, values => values.SetItems(changes)));
        if (Of(context.View, context.Unit).Values.Sum(item => Encoding.UTF8.GetByteCount(item.Key) + Encoding.UTF8.GetByteCount(item.Value)) > MaxTotalBytes)
        {
            throw new ToolException($"max size for charm state ({MaxTotalBytes}) exceeded: quota limit exceeded");
        }

        return ToolResult.Silent;
    }

    public static ToolResult Delete(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("no key specified");
        }

        context.Write(state => With(state, context.Unit, values => values.Remove(flags.Arguments[0])));
        return ToolResult.Silent;
    }

    static UnitState Of(ModelState state, string unit) =>
        state.UnitStates.GetValueOrDefault(unit)
        ?? new(unit, System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    static ModelState With(
        ModelState state, string unit,
        Func<System.Collections.Immutable.ImmutableSortedDictionary<string, string>, System.Collections.Immutable.ImmutableSortedDictionary<string, string>> change)
    {
        var before = Of(state, unit);
        var after = change(before.Values);
        return ReferenceEquals(after, before.Values) ? state : state with { UnitStates = state.UnitStates.SetItem(unit, new(unit, after)) };
    }
}
