using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pebble.Client;

/// <summary>A line that a service wrote.</summary>
/// <param name="Time">When, to the millisecond.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Message">The line without its end.</param>
public sealed record LogEntry(DateTimeOffset Time, string Service, string Message);

public sealed partial class PebbleClient
{
    /// <summary>The last lines that services wrote, oldest first.</summary>
    /// <param name="services">Only these; empty: all.</param>
    /// <param name="count">How many lines over all services together; -1: all that are kept; null: the daemon's default, 30.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<LogEntry> ReadLogsAsync(
        IReadOnlyCollection<string> services, int? count, CancellationToken cancellation) =>
        StreamLogsAsync(services, count, follow: false, cancellation);

    /// <summary>The last lines that services wrote, and then each as it is written, until cancelled.</summary>
    /// <param name="services">Only these; empty: all.</param>
    /// <param name="count">How many lines to begin with; null: the daemon's default, none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<LogEntry> FollowLogsAsync(
        IReadOnlyCollection<string> services, int? count, CancellationToken cancellation) =>
        StreamLogsAsync(services, count, follow: true, cancellation);

    async IAsyncEnumerable<LogEntry> StreamLogsAsync(
        IReadOnlyCollection<string> services, int? count, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new Query()
            .AddEach("services", services)
            .AddIf("n", count?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .AddIf("follow", follow ? "true" : null);
        await using var reply = await http.SendAsync(HttpCall.Get("/v1/logs" + query), cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(reply, cancellation).ConfigureAwait(false);
        var lines = new LineReader(reply.Body);
        while (await lines.ReadAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            yield return ParseEntry(line.Span);
        }
    }

    static LogEntry ParseEntry(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Wire.Default.LogEntry) ?? throw new PebbleProtocolException("a line of the log is null");
        }
        catch (JsonException e)
        {
            throw new PebbleProtocolException($"cannot parse a line of the log: {e.Message}", e);
        }
    }
}
