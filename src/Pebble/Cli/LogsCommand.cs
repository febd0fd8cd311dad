using System.Globalization;
using System.Runtime.InteropServices;
using Pebble.Client;

namespace Pebble.Cli;

static class LogsCommand
{
    const int DefaultCount = 30;

    public static IEnumerable<Command> All =>
    [
        new("logs", "Fetch service logs", """
            The logs command shows what the given services, or all of them, have written
            lately, oldest first.
            """, RunAsync)
        {
            Options =
            [
                new("follow", 'f', ValueKind.None, "Follow (tail) logs for given services until Ctrl-C is\npressed. If no services are specified, show logs from\nall services running when the command starts."),
                Option.Text("n", "Number of logs to show (before following); defaults to 30.\nIf 'all', show all buffered logs."),
                Option.Format with { Choices = ["text", "json"] },
            ],
            Positionals = [new("<service>", Required: false, Many: true)],
        },
    ];

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        // The Go program does not send 0, so that it gets the server's default.
        var count = Count(invocation.Value("n"));
        count = count == 0 && !invocation.Has("follow") ? DefaultCount : count;
        if (!invocation.Has("follow"))
        {
            await WriteAsync(invocation, invocation.Client.ReadLogsAsync(invocation.Arguments, count, cancellation));
            return 0;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await WriteAsync(invocation, invocation.Client.FollowLogsAsync(invocation.Arguments, count, stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how following ends.
        }

        return 0;
    }

    static async Task WriteAsync(Invocation invocation, IAsyncEnumerable<LogEntry> entries)
    {
        await foreach (var entry in entries)
        {
            var time = entry.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            if (invocation.Format == "text")
            {
                Output.Line($"{time} [{entry.Service}] {entry.Message}");
            }
            else
            {
                Output.Line(LogLine.Json(entry));
            }
        }
    }

    static int Count(string text) => text switch
    {
        "" => DefaultCount,
        "all" => -1,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new CommandException($"expected n to be a non-negative integer or \"all\", not {Formats.GoQuote.Quote(text)}"),
    };
}

/// <summary>A log line as JSON, nothing of it escaped for HTML.</summary>
static class LogLine
{
    static readonly System.Text.Json.JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Json(LogEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(bytes, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("time"u8, Formats.GoTime.Utc(entry.Time));
            writer.WriteString("service"u8, entry.Service);
            writer.WriteString("message"u8, entry.Message);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
