namespace Pebble.Client;

public sealed partial class PebbleClient
{
    /// <summary>Whether all checks asked for are up.</summary>
    /// <param name="level">Only checks of this level (ready counts alive checks too); <see cref="CheckLevel.None"/>: of any.</param>
    /// <param name="names">Only these checks; empty: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<bool> IsHealthyAsync(CheckLevel level, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var query = new Query().AddIf("level", WireNames.Of(level)).AddList("names", names);
        // 502 is the documented answer "not healthy" with the same body, not a refusal.
        var reply = await SendAsync(HttpCall.Get("/v1/health" + query), Wire.Default.ReplyHealthResult, 502, cancellation)
            .ConfigureAwait(false);
        return reply.Result is { } health ? health.Healthy : throw new PebbleProtocolException("the health reply has no result");
    }
}
