using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;

namespace Juju.Local.HookTools;

static class PortTools
{
    public static ToolResult Open(HookContext context, ToolFlags flags)
    {
        var port = Parse(flags);
        context.Write(state => state.Units.TryGetValue(context.Unit, out var unit) && !unit.Ports.Contains(port)
            ? state.With(unit with { Ports = unit.Ports.Add(port) })
            : state);
        return ToolResult.Silent;
    }

    public static ToolResult Close(HookContext context, ToolFlags flags)
    {
        var port = Parse(flags);
        context.Write(state => state.Units.TryGetValue(context.Unit, out var unit) && unit.Ports.Contains(port)
            ? state.With(unit with { Ports = unit.Ports.Remove(port) })
            : state);
        return ToolResult.Silent;
    }

    /// <summary>As they were when the turn began: a turn does not see what it opens itself.</summary>
    public static JsonNode? List(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        return ToolFormat.Strings(context.Seen.Units[context.Unit].Ports
            .OrderBy(FirstPort).ThenBy(port => port, StringComparer.Ordinal)
            .Select(port => flags.Is("endpoints") ? port + " (*)" : port));
    }

    static int FirstPort(string port) =>
        int.TryParse(port.AsSpan(0, Math.Max(port.IndexOfAny('-', '/'), 0)), out var number) ? number : int.MaxValue;

    static string Parse(ToolFlags flags)
    {
        var text = flags.AtMostOne() ?? throw ToolException.Usage("no port or range specified");
        if (string.Equals(text, "icmp", StringComparison.OrdinalIgnoreCase))
        {
            return "icmp";
        }

        var (range, protocol) = text.Split('/', 2) is [var left, var right] ? (left, right.ToLowerInvariant()) : (text, "tcp");
        if (protocol is not ("tcp" or "udp"))
        {
            throw ToolException.Usage($"protocol must be \"tcp\", \"udp\", or \"icmp\"; got \"{protocol}\"");
        }

        var bounds = range.Split('-');
        if (bounds.Length > 2)
        {
            throw ToolException.Usage($"expected <port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp; got \"{text}\"");
        }

        var numbers = bounds.Select(bound =>
            int.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number is > 0 and <= 65535 ? number : throw ToolException.Usage($"port must be in the range [1, 65535]; got \"{bound}\"")
                : throw ToolException.Usage($"expected <port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp; got \"{text}\"")).ToArray();
        return numbers switch
        {
            [var one] => $"{one}/{protocol}",
            [var from, var to] when from == to => $"{from}/{protocol}",
            [var from, var to] when from < to => $"{from}-{to}/{protocol}",
            _ => throw ToolException.Usage($"invalid port range {text}; expected fromPort <= toPort, got fromPort {numbers[0]}, toPort {numbers[1]}"),
        };
    }
}
