using Juju.Local.Api;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Status;

static class StatusCommands
{
    public static IEnumerable<Command> All() => [Status, ShowUnitCommand.Command, ShowApplicationCommand.Command, ShowStatusLogCommand.Command, WaitForCommand.Command];

    static Command Status => new("status", "[<selector> [...]]", "Report the status of the model, its applications and its units.", RunAsync)
    {
        Flags =
        [
            Flag.Switch("color", "Use ANSI color codes in tabular output"),
            Flag.Switch("no-color", "Disable ANSI color codes in tabular output"),
            Flag.Switch("relations", "Show 'relations' section in tabular output"),
            Flag.Switch("integrations", "Show 'integrations' section in tabular output"),
            Flag.Switch("storage", "Show 'storage' section in tabular output"),
            Flag.Switch("utc", "Display timestamps in the UTC timezone"),
            Flag.Value("watch", "interval", "Watch the status every period of time", "0s"),
            Flag.Value("retry-count", "count", "Number of times to retry API failures", "3"),
            Flag.Value("retry-delay", "delay", "Time to wait between retry attempts", "100ms"),
            .. OutputFlags.Of("tabular|json|yaml|short|line|oneline|summary|names"),
        ],
        Details = """
            Selectors are names of applications or units, or status words; "*" stands for any text. Without any, all is shown.
            The "short" format has a line for each unit: "- NAME: ADDRESS (agent:A, workload:W) PORTS MESSAGE".
            """,
        Examples = ["status", "status discourse-k8s postgresql-k8s/0", "status --relations --watch 1s", "status --format json"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var watch = invocation.Line.Duration("watch", TimeSpan.Zero);
        if (watch == TimeSpan.Zero)
        {
            return await ShowAsync(invocation, cancellation);
        }

        using var timer = new PeriodicTimer(watch, invocation.Terminal.Clock);
        do
        {
            invocation.Out.Write(invocation.Terminal.OutIsTerminal ? "\e[H\e[2J\e[3J" : "");
            await ShowAsync(invocation, cancellation);
            await invocation.Out.FlushAsync(cancellation);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
        return 0;
    }

    // The whole status, which scripts ask for every second, comes ready from the controller.
    static bool TryShowReady(Invocation invocation)
    {
        var (line, terminal) = (invocation.Line, invocation.Terminal);
        if (invocation.Arguments.Count > 0 || line.Has("utc") || line.IsGiven("output") || terminal.Zone is not null)
        {
            return false;
        }

        var ready = new ReadyStatus(terminal.Home, CurrentModel.Resolve(line.Text("model"), terminal));
        var text = (line.Text("format") ?? "tabular") switch
        {
            "json" => ready.FindJson(),
            "short" or "line" or "oneline" => ready.FindText("short", false, false, false),
            "tabular" => ready.FindText("tabular", line.Has("relations") || line.Has("integrations"), line.Has("storage"), invocation.Colour),
            _ => null,
        };
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        invocation.Print(text);
        return true;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (TryShowReady(invocation))
        {
            return 0;
        }

        var format = invocation.Format("tabular", "json", "yaml", "short", "line", "oneline", "summary", "names");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var status = StatusFilter.Apply(await controller.StatusAsync(model, cancellation), invocation.Arguments);
        var terminal = invocation.Line.Has("utc") ? invocation.Terminal with { Zone = TimeZoneInfo.Utc } : invocation.Terminal;
        switch (format)
        {
            case "json" or "yaml":
                invocation.Write(new StatusDocument(terminal.Zone).Make(status), format);
                break;
            case "short" or "line" or "oneline":
                invocation.Print(StatusLines.Short(status));
                break;
            case "names":
                invocation.Print(StatusLines.Names(status));
                break;
            case "summary":
                invocation.Print(StatusLines.Summary(status));
                break;
            default:
                ShowTables(invocation, terminal, status);
                break;
        }

        return 0;
    }

    static void ShowTables(Invocation invocation, Terminal terminal, ModelStatus status)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var sections = new StatusTables(terminal.Zone, text, invocation.Colour && invocation.Line.Text("output") is null);
        sections.Write(
            status, invocation.Line.Has("relations") || invocation.Line.Has("integrations"), invocation.Line.Has("storage"));
        invocation.Print(text.ToString());
        if (status.Applications.Count == 0)
        {
            invocation.Out.Flush();
            invocation.Tell(invocation.Arguments.Count == 0
                ? $"\nModel \"{status.Model.Owner}/{status.Model.Name}\" is empty."
                : $"\nNothing matched specified filters.");
        }
    }
}
