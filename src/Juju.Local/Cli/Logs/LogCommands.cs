using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Logs;

static class LogCommands
{
    const int PageSize = 2000;

    public static IEnumerable<Command> All() => [DebugLog];

    static Command DebugLog => new("debug-log", "", "Displays log messages for a model.", RunAsync)
    {
        Flags =
        [
            Flag.Switch("color", "Force use of ANSI color codes"), Flag.Switch("no-color", "Disable ANSI color codes"),
            Flag.Switch("date", "Show dates as well as times"), Flag.Switch("ms", "Show times to millisecond precision"), Flag.Switch("utc", "Show times in UTC"),
            Flag.Switch("location", "Show filename and line numbers; there are none"),
            Flag.List("i|include", "entity", "Only show log messages for these entities"), Flag.List("x|exclude", "entity", "Do not show log messages for these entities"),
            Flag.List("include-module", "module", "Only show log messages for these logging modules"), Flag.List("exclude-module", "module", "Do not show log messages for these logging modules"),
            Flag.List("include-label|include-labels", "label", "Taken and not used"), Flag.List("exclude-label|exclude-labels", "label", "Taken and not used"),
            Flag.Value("l|level", "level", "Log level to show, one of [TRACE, DEBUG, INFO, WARNING, ERROR]"),
            Flag.Value("n|lines", "count", "Show this many of the most recent lines, and continue to append", "10"), Flag.Value("limit", "count", "Show this many of the most recent logs and then exit", "0"),
            Flag.Switch("replay", "Show the entire log and continue to append new ones"), Flag.Switch("tail", "Show existing log messages and continue to append new ones"),
            Flag.Switch("no-tail", "Show existing log messages and then exit"), Flag.Switch("retry", "Taken and not used"), Flag.Value("retry-delay", "duration", "Taken and not used"),
            .. OutputFlags.Of("text|json"),
        ],
        Details = """
            Entities are names of units (discourse-k8s/0 or unit-discourse-k8s-0), applications (all their units) or patterns with "*".
            It follows the log when standard output is a terminal, unless --no-tail or --limit is given.
            """,
        Examples = ["debug-log", "debug-log --replay --no-tail -l WARNING", "debug-log --include discourse-k8s/0 --tail", "debug-log --limit 1000"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var line = invocation.Line;
        if (line.Has("tail") && line.Has("no-tail"))
        {
            throw new UsageException("setting --tail and --no-tail not valid");
        }

        var level = line.Text("level")?.ToUpperInvariant();
        if (level is not (null or "TRACE" or "DEBUG" or "INFO" or "WARNING" or "ERROR" or "CRITICAL"))
        {
            throw new UsageException($"level value \"{level}\" is not one of \"TRACE\", \"DEBUG\", \"INFO\", \"WARNING\", \"ERROR\"");
        }

        var format = new LogFormat(invocation, invocation.Format("text", "json") == "json");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var request = new LogsRequest
        {
            Model = model,
            Level = level,
            Last = Last(line),
            Limit = PageSize,
            Include = await EntitiesAsync(controller, model, line.Commas("include"), cancellation),
            Exclude = await EntitiesAsync(controller, model, line.Commas("exclude"), cancellation),
            IncludeModule = line.Commas("include-module"),
            ExcludeModule = line.Commas("exclude-module"),
        };
        var follow = line.Has("tail") || (invocation.Terminal.OutIsTerminal && !line.Has("no-tail") && !line.IsGiven("limit"));
        while (true)
        {
            var page = await controller.LogsAsync(request, cancellation);
            foreach (var entry in page.Lines)
            {
                invocation.Out.Write(format.Text(entry));
            }

            await invocation.Out.FlushAsync(cancellation);
            var isWhole = request.Last > 0 || page.Lines.Count < PageSize;
            if (isWhole && !follow)
            {
                return 0;
            }

            request = request with { After = page.Next, Last = 0, WaitSeconds = isWhole ? 10 : 0 };
        }
    }

    // --limit 0 is no limit; without it and --replay the last ten lines.
    static int Last(CommandLine line) => line.IsGiven("limit") ? line.Number("limit", 0)
        : line.IsGiven("lines") ? line.Number("lines", 10)
        : line.Has("replay") || line.Has("no-tail") ? 0 : 10;

    // An application stands for its units.
    static async Task<IReadOnlyList<string>> EntitiesAsync(
        ControllerClient controller, string model, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (!names.Any(name => !name.Contains('/') && !name.Contains('*') && !name.StartsWith("unit-", StringComparison.Ordinal)))
        {
            return names;
        }

        var applications = (await controller.StatusAsync(model, cancellation)).Applications;
        return [.. names.SelectMany(name => applications.ContainsKey(name) ? [name, $"unit-{name}-*"] : new[] { name })];
    }
}

/// <summary>One line of the log, for people or for programs.</summary>
sealed class LogFormat(Invocation invocation, bool asJson)
{
    readonly string pattern = (invocation.Line.Has("date") ? "yyyy-MM-dd " : "") + (invocation.Line.Has("ms") ? "HH:mm:ss.fff" : "HH:mm:ss");
    readonly Terminal terminal = invocation.Line.Has("utc") ? invocation.Terminal with { Zone = TimeZoneInfo.Utc } : invocation.Terminal;

    public string Text(LogLine line)
    {
        if (asJson)
        {
            return Documents.Json(new JsonObject
            {
                ["timestamp"] = line.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
                ["entity"] = line.Entity, ["level"] = line.Level, ["module"] = line.Module, ["message"] = line.Message,
            });
        }

        var time = terminal.Local(line.Time).ToString(pattern, CultureInfo.InvariantCulture);
        var level = new Cell(line.Level, line.Level switch
        {
            "ERROR" or "CRITICAL" => Colour.Red,
            "WARNING" => Colour.Yellow,
            "INFO" => Colour.Green,
            _ => Colour.None,
        });
        return $"{line.Entity}: {time} {level.Painted(invocation.Colour)} {line.Module} {line.Message}\n";
    }
}
