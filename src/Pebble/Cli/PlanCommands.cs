using Pebble.Client;

namespace Pebble.Cli;

static class PlanCommands
{
    public static IEnumerable<Command> All =>
    [
        new("add", "Dynamically add a layer to the plan's layers", """
            The add command reads layer YAML from the given path and puts the layer, under
            the given label, on top of the plan's layers. With --combine it is merged into
            the layer that has the label already, if there is one.
            """, AddAsync)
        {
            Options =
            [
                Option.Flag("combine", "Combine the new layer with an existing layer that has the given label (default is to append)"),
                Option.Flag("inner", "Allow appending a new layer inside an existing subdirectory"),
            ],
            Positionals = [new("<label>"), new("<layer-path>")],
        },
        new("plan", "Show the plan with layers combined", """
            The plan command prints the configuration in effect as YAML: all layers, combined
            as their override rules say.
            """, PlanAsync),
        new("replan", "Ensure running services and checks match the current plan", """
            The replan command starts, stops or restarts what has changed, so that running
            services and checks are those of the current plan.
            """, (invocation, cancellation) => ServiceCommands.ActAsync(invocation, ServiceAction.Replan, cancellation))
        {
            Options = [Option.NoWait],
            Spare = 1,
        },
        new("autostart", "Start services set to start by default", """
            The autostart command starts the services that are enabled.
            """, (invocation, cancellation) => ServiceCommands.ActAsync(invocation, ServiceAction.Autostart, cancellation))
        {
            Options = [Option.NoWait],
            Spare = 1,
        },
    ];

    static async Task<int> AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (label, path) = (invocation.Arguments[0], invocation.Arguments[1]);
        var layer = LocalFile.ReadText(path);
        await invocation.Client.AddLayerAsync(label, layer, invocation.Has("combine"), invocation.Has("inner"), cancellation);
        Output.Line($"Layer {Formats.GoQuote.Quote(label)} added successfully from {Formats.GoQuote.Quote(path)}");
        return 0;
    }

    static async Task<int> PlanAsync(Invocation invocation, CancellationToken cancellation)
    {
        Output.Write(await invocation.Client.GetPlanYamlAsync(cancellation));
        return 0;
    }
}
