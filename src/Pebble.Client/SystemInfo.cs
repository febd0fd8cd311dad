namespace Pebble.Client;

/// <summary>What the daemon says of itself.</summary>
/// <param name="Version">The daemon's version, such as "1.32.1".</param>
/// <param name="BootId">The boot of the machine, or of the container; null where the daemon does not say.</param>
/// <param name="HttpAddress">The address of the TCP listener; null if there is none.</param>
/// <param name="HttpsAddress">The address of the TLS listener; null if there is none.</param>
public sealed record SystemInfo(string Version, string? BootId = null, string? HttpAddress = null, string? HttpsAddress = null);

public sealed partial class PebbleClient
{
    /// <summary>The daemon's version. A cheap way to see that it answers.</summary>
    /// <exception cref="PebbleConnectionException">Nobody answers on the socket.</exception>
    public Task<SystemInfo> GetSystemInfoAsync(CancellationToken cancellation) =>
        GetAsync("/v1/system-info", DispatchWire.SystemInfo, cancellation);
}
