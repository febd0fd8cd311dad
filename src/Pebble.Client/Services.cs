using System.Text.Json.Serialization;

namespace Pebble.Client;

/// <summary>Whether a service starts with the daemon and with a replan.</summary>
[JsonConverter(typeof(WireNames.Startup))]
public enum ServiceStartup
{
    /// <summary>A word this client does not know.</summary>
    Unknown,

    /// <summary>It starts by itself.</summary>
    Enabled,

    /// <summary>It starts when asked.</summary>
    Disabled,
}

/// <summary>What a service is doing.</summary>
[JsonConverter(typeof(WireNames.Status))]
public enum ServiceStatus
{
    /// <summary>A word this client does not know.</summary>
    Unknown,

    /// <summary>Starting or running.</summary>
    Active,

    /// <summary>Not started, stopping, or stopped.</summary>
    Inactive,

    /// <summary>It ended, and will be started again after its backoff delay.</summary>
    Backoff,

    /// <summary>It ended with an error and is left alone.</summary>
    Error,
}

/// <summary>A service of the plan and what it is doing.</summary>
public sealed record ServiceInfo
{
    /// <summary>The service's name in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it starts by itself.</summary>
    public ServiceStartup Startup { get; init; }

    /// <summary>What it is doing.</summary>
    public ServiceStatus Current { get; init; }

    /// <summary>Since when it does that; null if it was never started.</summary>
    public DateTimeOffset? CurrentSince { get; init; }

    /// <summary>True if it is starting or running.</summary>
    [JsonIgnore]
    public bool IsRunning => Current == ServiceStatus.Active;
}

/// <summary>What can be asked for services as a change.</summary>
public enum ServiceAction
{
    /// <summary>Start all with <c>startup: enabled</c>; takes no names.</summary>
    Autostart,

    /// <summary>Bring what runs in line with the plan; takes no names.</summary>
    Replan,

    /// <summary>Start the named, and what they require.</summary>
    Start,

    /// <summary>Stop the named, and what requires them.</summary>
    Stop,

    /// <summary>Stop those of the named that run, and start all of them.</summary>
    Restart,
}

public sealed partial class PebbleClient
{
    /// <summary>The plan's services by name, with what they are doing.</summary>
    /// <param name="names">Only these; empty: all. A name the plan does not have is left out.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<IReadOnlyList<ServiceInfo>> ListServicesAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        await GetAsync("/v1/services" + new Query().AddList("names", names), Wire.Default.ReplyListServiceInfo, cancellation)
            .ConfigureAwait(false);

    /// <summary>One service; null if the plan does not have it.</summary>
    public async Task<ServiceInfo?> FindServiceAsync(string name, CancellationToken cancellation) =>
        (await ListServicesAsync([name], cancellation).ConfigureAwait(false)).FirstOrDefault(s => s.Name == name);

    /// <summary>Starts all services with <c>startup: enabled</c>, and waits until they have run for a second.</summary>
    /// <inheritdoc cref="StartServicesAsync"/>
    public Task<Change> AutostartServicesAsync(TimeSpan? timeout, CancellationToken cancellation) =>
        RunAsync(ServiceAction.Autostart, [], timeout, cancellation);

    /// <summary>Restarts services whose configuration changed, starts those with <c>startup: enabled</c>, and waits.</summary>
    /// <inheritdoc cref="StartServicesAsync"/>
    public Task<Change> ReplanServicesAsync(TimeSpan? timeout, CancellationToken cancellation) =>
        RunAsync(ServiceAction.Replan, [], timeout, cancellation);

    /// <summary>Starts services and what they require, and waits until they have run for a second.</summary>
    /// <param name="names">At least one name.</param>
    /// <param name="timeout">The longest wait, 30 s in ops; null: as long as it takes.</param>
    /// <param name="cancellation">Ends the wait, not the change.</param>
    /// <exception cref="ChangeException">A service did not start; the message holds its last lines.</exception>
    /// <exception cref="PebbleApiException">The plan has no such service.</exception>
    /// <exception cref="PebbleTimeoutException">The change has not ended in time; it goes on.</exception>
    public Task<Change> StartServicesAsync(IReadOnlyCollection<string> names, TimeSpan? timeout, CancellationToken cancellation) =>
        RunAsync(ServiceAction.Start, names, timeout, cancellation);

    /// <summary>Stops services and what requires them, and waits until they are gone.</summary>
    /// <inheritdoc cref="StartServicesAsync"/>
    public Task<Change> StopServicesAsync(IReadOnlyCollection<string> names, TimeSpan? timeout, CancellationToken cancellation) =>
        RunAsync(ServiceAction.Stop, names, timeout, cancellation);

    /// <summary>Restarts the named services, starts those that do not run, and waits.</summary>
    /// <inheritdoc cref="StartServicesAsync"/>
    public Task<Change> RestartServicesAsync(IReadOnlyCollection<string> names, TimeSpan? timeout, CancellationToken cancellation) =>
        RunAsync(ServiceAction.Restart, names, timeout, cancellation);

    /// <summary>Asks for an action and does not wait for its end.</summary>
    /// <returns>The change's id, for <see cref="FinishChangeAsync"/>.</returns>
    public async Task<string> BeginAsync(ServiceAction action, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var word = action switch
        {
            ServiceAction.Autostart => "autostart",
            ServiceAction.Replan => "replan",
            ServiceAction.Start => "start",
            ServiceAction.Stop => "stop",
            _ => "restart",
        };
        var request = new ServicesRequest(word, names.Count == 0 ? null : [.. names]);
        using var reply = await SendAsync(Post("/v1/services", request, DispatchWire.Write), cancellation).ConfigureAwait(false);
        return ChangeOf(reply, "/v1/services");
    }

    async Task<Change> RunAsync(
        ServiceAction action, IReadOnlyCollection<string> names, TimeSpan? timeout, CancellationToken cancellation)
    {
        var id = await BeginAsync(action, names, cancellation).ConfigureAwait(false);
        return await FinishChangeAsync(id, timeout, cancellation).ConfigureAwait(false);
    }
}
