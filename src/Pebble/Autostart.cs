using Pebble.Client;

namespace Pebble;

/// <summary>Starts the enabled services as any client would: by a request to the daemon's own API.</summary>
static class Autostart
{
    /// <returns>Ends when the services were started, or could not be.</returns>
    public static async Task RunAsync(PebbleClient client, CancellationToken cancellation)
    {
        try
        {
            var change = await client.BeginAsync(ServiceAction.Autostart, [], cancellation);
            var result = await client.WaitChangeAsync(change, null, cancellation);
            Logger.Notice(result.Err is { } error
                ? $"Cannot wait for autostart change {change}: {error}"
                : $"Started default services with change {change}.");
        }
        catch (Exception e) when (e is PebbleException or IOException or OperationCanceledException)
        {
            Logger.Notice($"Cannot start default services: {e.Message}");
        }
    }
}
