namespace Pebble.Client;

/// <summary>A warning that the daemon keeps until it is acknowledged or expires.</summary>
public sealed record Warning
{
    /// <summary>The text, which is also its identity.</summary>
    public required string Message { get; init; }

    /// <summary>When it was first added.</summary>
    public DateTimeOffset FirstAdded { get; init; }

    /// <summary>When it was last added.</summary>
    public DateTimeOffset LastAdded { get; init; }

    /// <summary>When it was last listed; null if never.</summary>
    public DateTimeOffset? LastShown { get; init; }

    /// <summary>How long after its last addition it is forgotten; Go's form.</summary>
    public string? ExpireAfter { get; init; }

    /// <summary>How long after being shown it is not shown again; Go's form.</summary>
    public string? RepeatAfter { get; init; }
}

public sealed partial class PebbleClient
{
    /// <summary>Warnings, oldest first.</summary>
    /// <param name="all">True: also those acknowledged.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<IReadOnlyList<Warning>> ListWarningsAsync(bool all, CancellationToken cancellation) =>
        await GetAsync("/v1/warnings" + new Query().Add("select", all ? "all" : "pending"), Wire.Default.ReplyListWarning, cancellation)
            .ConfigureAwait(false);

    /// <summary>Acknowledges the warnings up to a time: they are not listed again unless they happen again.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> AcknowledgeWarningsAsync(DateTimeOffset upTo, CancellationToken cancellation) =>
        PostAsync(
            "/v1/warnings", new WarningsRequest("okay", upTo), Wire.Default.WarningsRequest, Wire.Default.ReplyInt32, cancellation);
}
