using System.Text.Json.Serialization;

namespace Pebble.Client;

/// <summary>Which probe a check counts for.</summary>
[JsonConverter(typeof(WireNames.Level))]
public enum CheckLevel
{
    /// <summary>None: it counts only when no level is asked for.</summary>
    None,

    /// <summary>Liveness.</summary>
    Alive,

    /// <summary>Readiness.</summary>
    Ready,
}

/// <summary>What a check found.</summary>
[JsonConverter(typeof(WireNames.Check))]
public enum CheckStatus
{
    /// <summary>A word this client does not know.</summary>
    Unknown,

    /// <summary>Fewer failures in a row than the threshold. Also before it first ran.</summary>
    Up,

    /// <summary>As many failures in a row as the threshold, or more.</summary>
    Down,

    /// <summary>It is stopped.</summary>
    Inactive,
}

/// <summary>A check of the plan and what it found.</summary>
public sealed record CheckInfo
{
    /// <summary>The check's name in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Which probe it counts for.</summary>
    public CheckLevel Level { get; init; }

    /// <summary>Whether it starts by itself.</summary>
    public ServiceStartup Startup { get; init; }

    /// <summary>What it found.</summary>
    public CheckStatus Status { get; init; }

    /// <summary>Successes in a row; null from a daemon too old to count them.</summary>
    public int? Successes { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>How many failures in a row make it down.</summary>
    public int Threshold { get; init; }

    /// <summary>The change that performs or recovers it; null if it is stopped.</summary>
    public string? ChangeId { get; init; }

    /// <summary>The change before that one; null if there was none.</summary>
    public string? PrevChangeId { get; init; }

    /// <summary>True if it ran at least once since it was started.</summary>
    [JsonIgnore]
    public bool HasRun => Failures > 0 || Successes is > 0;
}

/// <summary>A check right after it was run by request.</summary>
/// <param name="Info">The check.</param>
/// <param name="Error">Why it failed; null or empty if it did not.</param>
public sealed record RefreshedCheck(CheckInfo Info, string? Error = null);

public sealed partial class PebbleClient
{
    /// <summary>The plan's checks by name, with what they found.</summary>
    /// <param name="level">Only checks of this level; <see cref="CheckLevel.None"/>: of any.</param>
    /// <param name="names">Only these; empty: all. A name the plan does not have is left out.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<IReadOnlyList<CheckInfo>> ListChecksAsync(
        CheckLevel level, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var query = new Query().AddIf("level", WireNames.Of(level)).AddList("names", names);
        return await GetAsync("/v1/checks" + query, Wire.Default.ReplyListCheckInfo, cancellation).ConfigureAwait(false);
    }

    /// <summary>One check; null if the plan does not have it.</summary>
    public async Task<CheckInfo?> FindCheckAsync(string name, CancellationToken cancellation) =>
        (await ListChecksAsync(CheckLevel.None, [name], cancellation).ConfigureAwait(false)).FirstOrDefault(c => c.Name == name);

    /// <summary>Starts checks.</summary>
    /// <returns>The names of those that did not run before.</returns>
    /// <exception cref="PebbleApiException">The plan has no such check.</exception>
    public Task<IReadOnlyList<string>> StartChecksAsync(IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        ActOnChecksAsync("start", names, cancellation);

    /// <summary>Stops checks.</summary>
    /// <returns>The names of those that ran before.</returns>
    /// <exception cref="PebbleApiException">The plan has no such check.</exception>
    public Task<IReadOnlyList<string>> StopChecksAsync(IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        ActOnChecksAsync("stop", names, cancellation);

    /// <summary>Runs a check now, and waits for what it finds.</summary>
    /// <exception cref="PebbleApiException">404: the plan has no such check.</exception>
    public Task<RefreshedCheck> RefreshCheckAsync(string name, CancellationToken cancellation) =>
        PostAsync(
            "/v1/checks/refresh", new NameRequest(name), Wire.Default.NameRequest, Wire.Default.ReplyRefreshedCheck, cancellation);

    async Task<IReadOnlyList<string>> ActOnChecksAsync(
        string action, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var result = await PostAsync(
            "/v1/checks", new ChecksRequest(action, [.. names]), Wire.Default.ChecksRequest, Wire.Default.ReplyChangedResult, cancellation)
            .ConfigureAwait(false);
        return result.Changed ?? [];
    }
}
