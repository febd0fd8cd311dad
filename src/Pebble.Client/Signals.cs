namespace Pebble.Client;

public sealed partial class PebbleClient
{
    /// <summary>Sends a signal to the processes of running services.</summary>
    /// <param name="signal">The name with its SIG, such as "SIGHUP".</param>
    /// <param name="services">At least one name.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="PebbleApiException">500: a service does not run, or the signal has no such name.</exception>
    public Task SendSignalAsync(string signal, IReadOnlyCollection<string> services, CancellationToken cancellation) =>
        PostAsync(
            "/v1/signals", new SignalsRequest(signal, [.. services]), Wire.Default.SignalsRequest, Wire.Default.ReplyBoolean, cancellation);
}
