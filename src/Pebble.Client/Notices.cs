using System.Text.Json;

namespace Pebble.Client;

/// <summary>Something that happened, possibly more than once, told apart by user, type and key.</summary>
public sealed record Notice
{
    /// <summary>The daemon's id for it.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is; null: everyone may see it.</summary>
    public uint? UserId { get; init; }

    /// <summary>"custom", "change-update", "warning" or a later kind.</summary>
    public required string Type { get; init; }

    /// <summary>What it is about: <c>example.com/path</c> for a custom one, the id of the change for a change-update.</summary>
    public required string Key { get; init; }

    /// <summary>When it first occurred.</summary>
    public DateTimeOffset FirstOccurred { get; init; }

    /// <summary>When it last occurred.</summary>
    public DateTimeOffset LastOccurred { get; init; }

    /// <summary>When it last occurred and was not held back by its repeat-after.</summary>
    public DateTimeOffset LastRepeated { get; init; }

    /// <summary>How often it occurred.</summary>
    public int Occurrences { get; init; }

    /// <summary>What the last occurrence said; null if nothing. Values are text for notices made by the API.</summary>
    public IReadOnlyDictionary<string, JsonElement>? LastData { get; init; }

    /// <summary>How long it is not repeated after it was; Go's form; null: not at all.</summary>
    public string? RepeatAfter { get; init; }

    /// <summary>How long after its last occurrence it is forgotten; Go's form.</summary>
    public string? ExpireAfter { get; init; }
}

/// <summary>Which notices to list. Everything is optional, and all that is given must hold.</summary>
public sealed record NoticesQuery
{
    /// <summary>True: of all users (admins only); else the caller's own and the public ones.</summary>
    public bool AllUsers { get; init; }

    /// <summary>Of this user and public ones (admins only); null: the caller's.</summary>
    public uint? UserId { get; init; }

    /// <summary>Of these types; empty: of all.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [];

    /// <summary>With these keys; empty: with any.</summary>
    public IReadOnlyCollection<string> Keys { get; init; } = [];

    /// <summary>Repeated after this time, exclusive; null: at any time.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>How long to wait for one if there is none; null: not at all.</summary>
    public TimeSpan? Timeout { get; init; }
}

public sealed partial class PebbleClient
{
    /// <summary>Records an occurrence of a custom notice.</summary>
    /// <param name="key"><c>example.com/path</c>, at most 256 bytes.</param>
    /// <param name="data">Attached to this occurrence; null: none. At most 4096 bytes as JSON.</param>
    /// <param name="repeatAfter">Not repeated within this time; null: repeated every time.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The notice's id.</returns>
    public async Task<string> NotifyAsync(
        string key, IReadOnlyDictionary<string, string>? data, TimeSpan? repeatAfter, CancellationToken cancellation)
    {
        var request = new NotifyRequest("add", "custom", key, repeatAfter is { } after ? GoDuration.Format(after) : null, data);
        var result = await PostAsync("/v1/notices", request, Wire.Default.NotifyRequest, Wire.Default.ReplyIdResult, cancellation)
            .ConfigureAwait(false);
        return result.Id;
    }

    /// <summary>One notice.</summary>
    /// <exception cref="PebbleApiException">404, kind not-found: there is none with this id.</exception>
    public Task<Notice> GetNoticeAsync(string id, CancellationToken cancellation) =>
        GetAsync("/v1/notices/" + Query.Escape(id), Wire.Default.ReplyNotice, cancellation);

    /// <summary>Notices ordered by when they were last repeated; empty if none came within the timeout.</summary>
    public async Task<IReadOnlyList<Notice>> ListNoticesAsync(NoticesQuery filter, CancellationToken cancellation)
    {
        var query = new Query()
            .AddIf("users", filter.AllUsers ? "all" : null)
            .AddIf("user-id", filter.UserId?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .AddEach("types", filter.Types)
            .AddEach("keys", filter.Keys)
            .AddIf("after", filter.After?.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture))
            .AddIf("timeout", filter.Timeout is { } timeout ? GoDuration.Format(timeout) : null);
        return await GetAsync("/v1/notices" + query, Wire.Default.ReplyListNotice, cancellation).ConfigureAwait(false);
    }
}
