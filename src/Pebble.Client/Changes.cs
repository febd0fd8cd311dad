using System.Text.Json;

namespace Pebble.Client;

/// <summary>Long work in the daemon: what was asked for, its tasks, and how it ended.</summary>
public sealed record Change
{
    /// <summary>Digits, unique over the life of the daemon's state.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of work: "start", "stop", "replan", "exec", "perform-check", …</summary>
    public required string Kind { get; init; }

    /// <summary>The work in words: <c>Start service "web" and 1 more</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>"Do", "Doing", "Done", "Abort", "Undo", "Undoing", "Undone", "Hold", "Error" or "Wait".</summary>
    public required string Status { get; init; }

    /// <summary>The steps; empty if there was nothing to do.</summary>
    public IReadOnlyList<ChangeTask> Tasks { get => field ?? []; init; }

    /// <summary>True when the change has ended, well or not.</summary>
    public bool Ready { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Err { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset SpawnTime { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? ReadyTime { get; init; }

    /// <summary>What the change has to say to programs, by name; null if nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Data { get; init; }
}

/// <summary>A step of a change.</summary>
public sealed record ChangeTask
{
    /// <summary>Digits, unique over the life of the daemon's state.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of step: "start", "stop", "exec", …</summary>
    public required string Kind { get; init; }

    /// <summary>The step in words: <c>Start service "web"</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>As <see cref="Change.Status"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The last ten lines: <c>2026-01-02T03:04:05Z INFO text</c>.</summary>
    public IReadOnlyList<string> Log { get => field ?? []; init; }

    /// <summary>How far it is.</summary>
    public TaskProgress? Progress { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset SpawnTime { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? ReadyTime { get; init; }

    /// <summary>What the task has to say to programs: an exec's "exit-code", for one. Null if nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Data { get; init; }
}

/// <summary>How far a task is.</summary>
/// <param name="Label">What is counted; often empty.</param>
/// <param name="Done">How much is done.</param>
/// <param name="Total">Of how much.</param>
public sealed record TaskProgress(string Label, long Done, long Total);

/// <summary>Which changes to list.</summary>
public enum ChangeSelect
{
    /// <summary>Those that have not ended.</summary>
    InProgress,

    /// <summary>Those that have ended.</summary>
    Ready,

    /// <summary>All.</summary>
    All,
}

public sealed partial class PebbleClient
{
    // A long poll is cut into pieces, so that a daemon that vanished without a word is noticed.
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The changes that the daemon remembers, in no promised order.</summary>
    /// <param name="select">Which of them.</param>
    /// <param name="service">Only those about this service; null: of all.</param>
    /// <param name="cancellation">Ends the request.</param>
    public async Task<IReadOnlyList<Change>> ListChangesAsync(
        ChangeSelect select, string? service, CancellationToken cancellation)
    {
        var query = new Query().Add("select", select switch
        {
            ChangeSelect.Ready => "ready",
            ChangeSelect.All => "all",
            _ => "in-progress",
        }).AddIf("for", service);
        return await GetAsync("/v1/changes" + query, Wire.Default.ReplyListChange, cancellation).ConfigureAwait(false);
    }

    /// <summary>One change.</summary>
    /// <exception cref="PebbleApiException">404, kind not-found: there is none with this id.</exception>
    public Task<Change> GetChangeAsync(string id, CancellationToken cancellation) =>
        GetAsync("/v1/changes/" + Query.Escape(id), DispatchWire.Change, cancellation);

    /// <summary>Asks that a change end early. It has not ended yet when this returns.</summary>
    /// <exception cref="PebbleApiException">404: there is none with this id; 400: it has ended already.</exception>
    public Task<Change> AbortChangeAsync(string id, CancellationToken cancellation) =>
        PostAsync("/v1/changes/" + Query.Escape(id), new ActionRequest("abort"), Wire.Default.ActionRequest, Wire.Default.ReplyChange, cancellation);

    /// <summary>Waits until a change has ended, well or not: see <see cref="Change.Err"/>.</summary>
    /// <param name="id">The change.</param>
    /// <param name="timeout">The longest wait; null: as long as it takes.</param>
    /// <param name="cancellation">Ends the wait, not the change.</param>
    /// <exception cref="PebbleTimeoutException">It has not ended within <paramref name="timeout"/>; it goes on.</exception>
    public async Task<Change> WaitChangeAsync(string id, TimeSpan? timeout, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var left = timeout - time.GetElapsedTime(started) ?? LongestWait;
            if (left <= TimeSpan.Zero)
            {
                throw new PebbleTimeoutException($"timed out waiting for change {id} ({GoDuration.Format(timeout!.Value)})");
            }

            var piece = left < LongestWait ? left : LongestWait;
            try
            {
                var query = new Query().Add("timeout", GoDuration.Format(piece));
                return await GetAsync($"/v1/changes/{Query.Escape(id)}/wait{query}", DispatchWire.Change, cancellation)
                    .ConfigureAwait(false);
            }
            catch (PebbleApiException e) when (e.Code == 504)
            {
                // This piece of the wait is over; the loop knows whether the whole is.
            }
        }
    }

    /// <summary>Waits as <see cref="WaitChangeAsync"/> does, and throws if the change failed.</summary>
    /// <exception cref="ChangeException">It failed.</exception>
    /// <exception cref="PebbleTimeoutException">It has not ended within <paramref name="timeout"/>; it goes on.</exception>
    public async Task<Change> FinishChangeAsync(string id, TimeSpan? timeout, CancellationToken cancellation)
    {
        var change = await WaitChangeAsync(id, timeout, cancellation).ConfigureAwait(false);
        return change.Err is { Length: > 0 } error ? throw new ChangeException(error, change) : change;
    }
}
