namespace Pebble.Client;

public sealed partial class PebbleClient
{
    /// <summary>Warnings, which are notices of the type "warning" with the message as their key.</summary>
    /// <param name="after">Only those repeated after this time; null: all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<IReadOnlyList<Notice>> ListWarningsAsync(DateTimeOffset? after, CancellationToken cancellation) =>
        ListNoticesAsync(new NoticesQuery { Types = ["warning"], After = after }, cancellation);
}
