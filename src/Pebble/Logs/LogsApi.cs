using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pebble.Api;

namespace Pebble.Logs;

/// <summary>GET /v1/logs: lines of JSON, merged by time.</summary>
static class LogsApi
{
    const int DefaultLines = 30;

    static readonly JsonWriterOptions Json = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ValueTask<Reply> Get(Daemon daemon, Request request, CancellationToken _)
    {
        var followText = request.Query.First("follow");
        if (followText is not ("" or "true" or "false"))
        {
            throw ApiError.BadRequest("follow parameter must be \"true\" or \"false\"");
        }

        var follow = followText == "true";
        var lines = follow ? 0 : DefaultLines;
        var linesText = request.Query.First("n");
        if (linesText.Length > 0 && (!int.TryParse(linesText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out lines) || lines < -1))
        {
            throw ApiError.BadRequest("n must be -1, 0, or a positive integer");
        }

        var services = request.Query.List("services");
        IReadOnlyList<LogBuffer> buffers =
            [.. (services.Count > 0 ? services.Distinct() : daemon.Plan.Current.Services.Keys)
                .Order(StringComparer.Ordinal).Select(daemon.Services.LogsOf).OfType<LogBuffer>()];
        return ValueTask.FromResult(Reply.Stream("application/x-ndjson", (body, cancellation) => WriteAsync(buffers, lines, follow, body, cancellation)));
    }

    static async Task WriteAsync(IReadOnlyList<LogBuffer> buffers, int lines, bool follow, ReplyBody body, CancellationToken cancellation)
    {
        var positions = new long[buffers.Count];
        var first = ReadNew(buffers, positions);
        await SendAsync(lines < 0 ? first : first.TakeLast(lines), body, cancellation);
        while (follow)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(buffers.Select((each, index) => each.WaitAsync(positions[index], either.Token))
                .Append(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token)));
            cancellation.ThrowIfCancellationRequested();
            await either.CancelAsync();
            await SendAsync(ReadNew(buffers, positions), body, cancellation);
        }
    }

    /// <summary>What is new in all buffers, by time.</summary>
    static List<LogEntry> ReadNew(IReadOnlyList<LogBuffer> buffers, long[] positions)
    {
        List<LogEntry> entries = [];
        for (var index = 0; index < buffers.Count; index++)
        {
            entries.AddRange(buffers[index].Read(ref positions[index]));
        }

        return buffers.Count == 1 ? entries : [.. entries.OrderBy(each => each.TimeMs)];
    }

    static async Task SendAsync(IEnumerable<LogEntry> entries, ReplyBody body, CancellationToken cancellation)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(bytes, Json);
        foreach (var entry in entries)
        {
            writer.Reset();
            writer.WriteStartObject();
            writer.WriteString("time"u8, Formats.GoTime.Utc(DateTimeOffset.FromUnixTimeMilliseconds(entry.TimeMs)));
            writer.WriteString("service"u8, entry.Service);
            writer.WriteString("message"u8, System.Text.Encoding.UTF8.GetString(entry.Message));
            writer.WriteEndObject();
            writer.Flush();
            bytes.Write("\n"u8);
        }

        await body.WriteAsync(bytes.WrittenMemory, cancellation);
    }
}
