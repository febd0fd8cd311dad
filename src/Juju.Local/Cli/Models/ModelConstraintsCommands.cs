using System.Text.Json.Nodes;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Models;

/// <summary>Constraints choose machines of a cloud; on one machine there is nothing to choose.</summary>
static class ModelConstraintsCommands
{
    public static IEnumerable<Command> All() =>
    [
        new("model-constraints", "", "Displays machine constraints for a model; there are none on one machine.", ShowAsync)
        {
            Flags = [.. OutputFlags.Of("constraints|json|yaml")],
        },
        new("set-model-constraints", "<constraint>=<value> ...", "Accepts machine constraints on a model; they change nothing on one machine.", SetAsync),
    ];

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("constraints", "json", "yaml");
        await invocation.OpenAsync(cancellation);
        if (format != "constraints")
        {
            invocation.Write(new JsonObject(), format);
        }

        return 0;
    }

    static async Task<int> SetAsync(Invocation invocation, CancellationToken cancellation)
    {
        KeyValues.Parse(invocation.Arguments);
        await invocation.OpenAsync(cancellation);
        invocation.Warn("constraints have no effect on one machine");
        return 0;
    }
}
