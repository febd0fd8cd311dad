using System.Text.Json.Nodes;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

static class ShowStatusLogCommand
{
    public static Command Command => new("show-status-log", "<entity>", "Output past statuses for the specified entity.", RunAsync)
    {
        Flags =
        [
            Flag.Value("n|lines", "count", "Returns the last N logs", "20"),
            Flag.Value("type", "type", "Type of statuses to be displayed [application|juju-unit|unit|workload]", "unit"),
            Flag.Switch("utc", "Display times in UTC"),
            .. OutputFlags.Of("tabular|json|yaml"),
        ],
        Examples = ["show-status-log discourse-k8s/0", "show-status-log -n 50 --type workload discourse-k8s/0"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var entity = invocation.Only("entity name is missing");
        var type = invocation.Line.Text("type") ?? "unit";
        if (type is not ("unit" or "juju-unit" or "workload" or "application"))
        {
            throw new UsageException($"unexpected status type \"{type}\"");
        }

        var format = invocation.Format("tabular", "json", "yaml");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var limit = invocation.Line.Number("lines", 20);
        var all = await controller.StatusLogAsync(new(model, entity, type == "unit" ? limit : 0), cancellation);
        var lines = all.Where(line => type == "unit" || line.Kind == type).OrderBy(line => line.Time).ToList();
        lines = [.. lines.Skip(Math.Max(0, lines.Count - limit))];
        var terminal = invocation.Line.Has("utc") ? invocation.Terminal with { Zone = TimeZoneInfo.Utc } : invocation.Terminal;
        if (format != "tabular")
        {
            invocation.Write(new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject { ["status"] = line.Status }
                .With("message", line.Message)
                .With("since", StatusTimes.Since(terminal.Zone, line.Time))
                .With("type", line.Kind))]), format);
            return 0;
        }

        var table = new Table("Time", "Type", "Status", "Message");
        foreach (var line in lines)
        {
            table.Add(StatusTimes.Since(terminal.Zone, line.Time), line.Kind, Cell.Status(line.Status), line.Message.ReplaceLineEndings(" "));
        }

        invocation.Print(table);
        return 0;
    }
}
