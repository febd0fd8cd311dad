using System.Globalization;
using Pebble.Client;

namespace Pebble.Cli;

static class CheckCommands
{
    const int MostErrorText = 70;

    static readonly Option Level = Option.Text("level", "Check level to filter for") with { Choices = ["alive", "ready"] };
    static readonly Positional Checks = new("<check>", Many: true);

    public static IEnumerable<Command> All =>
    [
        new("checks", "Query the status of configured health checks", """
            The checks command lists the configured health checks with their status. Names
            and --level choose among them.
            """, ListAsync)
        {
            Options = [Option.Format, Level],
            Positionals = [Checks with { Required = false }],
        },
        new("check", "Query the details of a configured health check", "The check command shows the details of one check.", ShowAsync)
        {
            Options = [Option.Format, Option.Flag("refresh", "Run the check immediately")],
            Positionals = [new("<check>")],
        },
        new("health", "Query health of checks", """
            The health command asks whether the configured checks are healthy.

            The exit code is 0 if all of those asked for are, and 1 if not. With --format
            json or yaml it is 0 in both cases.
            """, HealthAsync)
        {
            Options = [Option.Format, Level],
            Positionals = [Checks with { Required = false }],
        },
        new("start-checks", "Start one or more checks", """
            The start-checks command starts the given health checks. A check that is active
            already is left alone.
            """, (invocation, cancellation) => ActAsync(invocation, start: true, cancellation))
        {
            Positionals = [Checks],
        },
        new("stop-checks", "Stop one or more checks", """
            The stop-checks command stops the given health checks. A check that is inactive
            already is left alone.
            """, (invocation, cancellation) => ActAsync(invocation, start: false, cancellation))
        {
            Positionals = [Checks],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var checks = await invocation.Client.ListChecksAsync(Words.Level(invocation.Value("level")), invocation.Arguments, cancellation);
        if (invocation.Format != "text")
        {
            new Document.Members(("checks", new Document.Members(
                [.. checks.OrderBy(check => check.Name, StringComparer.Ordinal).Select(check => (check.Name, (Document?)new Document.Members(Fields(check))))])))
                .Print(invocation.Format);
            return 0;
        }

        if (checks.Count == 0)
        {
            Output.ErrorLine(invocation.Arguments.Count == 0 && !invocation.Has("level") ? "Plan has no health checks." : "No matching health checks.");
            return 0;
        }

        var table = new Table().Row("Check", "Level", "Startup", "Status", "Successes", "Failures", "Change");
        foreach (var check in checks)
        {
            var inactive = check.Status == CheckStatus.Inactive;
            table.Row(
                check.Name, Words.Of(check.Level) ?? "-", Words.Of(check.Startup), Words.Of(check.Status),
                check.Successes is not { } successes ? "?" : inactive ? "-" : successes.ToString(CultureInfo.InvariantCulture),
                inactive ? "-" : $"{check.Failures}/{check.Threshold}",
                await ChangeTextAsync(invocation.Client, check, cancellation));
        }

        Output.Write(table.ToString());
        return 0;
    }

    /// <summary>The change, and for a failing check its last error, shortened to one line.</summary>
    static async Task<string> ChangeTextAsync(PebbleClient client, CheckInfo check, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(check.ChangeId))
        {
            return "-";
        }

        if (check.Failures == 0)
        {
            return check.ChangeId;
        }

        try
        {
            var source = check.ChangeId;
            var log = await LogAsync(client, source, cancellation);
            if (log.Count == 0 && check.PrevChangeId is { Length: > 0 } previous)
            {
                source = previous;
                log = await LogAsync(client, source, cancellation);
            }

            if (log.Count == 0)
            {
                return check.ChangeId;
            }

            var words = log[^1].Split(' ', 3);
            var text = words[^1].Replace("\n", "\\n", StringComparison.Ordinal);
            var more = $"... run \"pebble tasks {source}\" for more";
            return $"{check.ChangeId} ({(text.Length > MostErrorText ? text[..(MostErrorText - more.Length)] + more : text)})";
        }
        catch (PebbleApiException e)
        {
            return $"{check.ChangeId} ({e.Message})";
        }
    }

    static async Task<IReadOnlyList<string>> LogAsync(PebbleClient client, string change, CancellationToken cancellation) =>
        (await client.GetChangeAsync(change, cancellation)).Tasks is [var task, ..] ? task.Log : [];

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var name = invocation.Arguments[0];
        var refreshed = invocation.Has("refresh")
            ? await invocation.Client.RefreshCheckAsync(name, cancellation)
            : new RefreshedCheck(await invocation.Client.FindCheckAsync(name, cancellation)
                ?? throw new CommandException($"cannot find check {Formats.GoQuote.Quote(name)}"));
        var check = refreshed.Info;
        IReadOnlyList<string> log = [];
        if ((check.Failures > 0 || !string.IsNullOrEmpty(refreshed.Error)) && check.ChangeId is { Length: > 0 } change)
        {
            log = await LogAsync(invocation.Client, change, cancellation);
            if (log.Count == 0 && check.PrevChangeId is { Length: > 0 } previous)
            {
                log = await LogAsync(invocation.Client, previous, cancellation);
            }
        }

        new Document.Members([
            .. Fields(check),
            ("error", string.IsNullOrEmpty(refreshed.Error) ? null : (Document)refreshed.Error),
            ("logs", log.Count == 0 ? null : (Document)string.Concat(log.Select(line => line + "\n")))])
            .Print(invocation.Format);
        return 0;
    }

    static (string, Document?)[] Fields(CheckInfo check) =>
    [
        ("name", check.Name),
        ("level", Words.Of(check.Level) is { } level ? (Document)level : null),
        ("startup", Words.Of(check.Startup)),
        ("status", Words.Of(check.Status)),
        ("successes", check.Successes is { } successes ? (Document)successes : null),
        ("failures", check.Failures),
        ("threshold", check.Threshold),
        ("change-id", string.IsNullOrEmpty(check.ChangeId) ? null : (Document)check.ChangeId),
        ("prev-change-id", string.IsNullOrEmpty(check.PrevChangeId) ? null : (Document)check.PrevChangeId),
    ];

    static async Task<int> HealthAsync(Invocation invocation, CancellationToken cancellation)
    {
        var healthy = await invocation.Client.IsHealthyAsync(Words.Level(invocation.Value("level")), invocation.Arguments, cancellation);
        if (invocation.Format != "text")
        {
            new Document.Members(("healthy", healthy)).Print(invocation.Format);
            return 0;
        }

        Output.Line(healthy ? "healthy" : "unhealthy");
        return healthy ? 0 : 1;
    }

    static async Task<int> ActAsync(Invocation invocation, bool start, CancellationToken cancellation)
    {
        var changed = start
            ? await invocation.Client.StartChecksAsync(invocation.Arguments, cancellation)
            : await invocation.Client.StopChecksAsync(invocation.Arguments, cancellation);
        var done = start ? "started" : "stopped";
        Output.Line(changed.Count == 0 ? $"Checks already {done}." : $"Checks {done}: {string.Join(", ", changed)}");
        return 0;
    }
}
