using System.Text.Json;
using Pebble.State;

namespace Pebble.Notices;

/// <summary>Which notices a caller asks for; what is null or empty does not restrict.</summary>
sealed record NoticeFilter(uint? UserId, IReadOnlyList<string> Types, IReadOnlyList<string> Keys, DateTimeOffset? After)
{
    public bool Matches(Notice notice) =>
        (UserId is null || notice.UserId is null || notice.UserId == UserId)
        && (Types.Count == 0 || Types.Contains(notice.Type))
        && (Keys.Count == 0 || Keys.Contains(notice.Key))
        && (After is null || notice.LastRepeated > After);
}

/// <summary>All notices, kept with the state and guarded by its lock.</summary>
sealed class NoticeLog : IStateSection
{
    readonly DaemonState state;
    readonly Dictionary<(uint? UserId, string Type, string Key), Notice> notices = [];
    TaskCompletionSource occurred = NewSignal();
    long lastNumber;
    long latestWarningTicks;

    public NoticeLog(DaemonState state)
    {
        this.state = state;
        state.AddSection(this);
        state.AddSection(new LastNumber(this));
        state.ChangeUpdated += AddChangeUpdate;
    }

    public string Key => "notices";

    /// <summary>When the latest warning was repeated; null if there is none. Every reply asks, so it takes no lock.</summary>
    public DateTimeOffset? LatestWarning => Volatile.Read(ref latestWarningTicks) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>Records an occurrence.</summary>
    /// <param name="userId">Whose it is; null: everyone's.</param>
    /// <param name="type">One of <see cref="NoticeType"/>.</param>
    /// <param name="key">What it is about.</param>
    /// <param name="data">What this occurrence says.</param>
    /// <param name="repeatAfter">It is not repeated within this time; zero: repeated each time.</param>
    public Notice Add(uint? userId, string type, string key, IReadOnlyDictionary<string, string> data, TimeSpan repeatAfter)
    {
        using (state.Enter())
        {
            return AddLocked(userId, type, key, data, repeatAfter);
        }
    }

    public Notice? Find(string id)
    {
        using (state.Enter())
        {
            return notices.Values.FirstOrDefault(notice => notice.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == id);
        }
    }

    /// <summary>In the order in which they were last repeated.</summary>
    public IReadOnlyList<Notice> List(NoticeFilter filter)
    {
        using (state.Enter())
        {
            return ListLocked(filter);
        }
    }

    /// <summary>As <see cref="List"/>, waiting for the first if there is none; empty when the time is over.</summary>
    public async Task<IReadOnlyList<Notice>> WaitAsync(NoticeFilter filter, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, state.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        while (true)
        {
            Task next;
            using (state.Enter())
            {
                if (ListLocked(filter) is { Count: > 0 } found)
                {
                    return found;
                }

                next = occurred.Task;
            }

            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return [];
            }
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var notice in notices.Values)
        {
            notice.Write(writer);
        }

        writer.WriteEndArray();
    }

    public void Read(JsonElement value)
    {
        foreach (var element in value.EnumerateArray())
        {
            var notice = Notice.Read(element);
            Keep(notice);
            lastNumber = Math.Max(lastNumber, notice.Number);
        }
    }

    public void Prune(DateTimeOffset now)
    {
        foreach (var (unique, _) in notices.Where(each => each.Value.IsExpired(now)).ToArray())
        {
            notices.Remove(unique);
            state.MarkModified();
        }
    }

    Notice AddLocked(uint? userId, string type, string key, IReadOnlyDictionary<string, string> data, TimeSpan repeatAfter)
    {
        var now = state.Clock.GetUtcNow();
        var known = notices.GetValueOrDefault((userId, type, key));
        var repeats = known is null || repeatAfter == TimeSpan.Zero || now > known.LastRepeated + repeatAfter;
        var notice = known is null
            ? new Notice { Number = ++lastNumber, UserId = userId, Type = type, Key = key, FirstOccurred = now, LastOccurred = now, LastRepeated = now }
            : known with { Occurrences = known.Occurrences + 1, LastOccurred = now, LastRepeated = repeats ? now : known.LastRepeated };
        notice = notice with { LastData = data, RepeatAfter = repeatAfter };
        Keep(notice);
        state.MarkModified();
        if (repeats)
        {
            var waiting = occurred;
            occurred = NewSignal();
            waiting.SetResult();
        }

        return notice;
    }

    void Keep(Notice notice)
    {
        notices[(notice.UserId, notice.Type, notice.Key)] = notice;
        if (notice.Type == NoticeType.Warning)
        {
            Volatile.Write(ref latestWarningTicks, Math.Max(latestWarningTicks, notice.LastRepeated.UtcTicks));
        }
    }

    IReadOnlyList<Notice> ListLocked(NoticeFilter filter)
    {
        var now = state.Clock.GetUtcNow();
        return [.. notices.Values.Where(notice => !notice.IsExpired(now) && filter.Matches(notice)).OrderBy(notice => notice.LastRepeated)];
    }

    /// <summary>Runs under the state's lock.</summary>
    void AddChangeUpdate(Change change)
    {
        var data = new Dictionary<string, string> { ["kind"] = change.Kind };
        foreach (var (name, value) in change.NoticeData)
        {
            data[name] = value;
        }

        AddLocked(null, NoticeType.ChangeUpdate, change.Id, data, TimeSpan.Zero);
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ids are not given twice, not even after the notice that had one has expired.</summary>
    sealed class LastNumber(NoticeLog log) : IStateSection
    {
        public string Key => "last-notice-id";

        public void Write(Utf8JsonWriter writer) => writer.WriteNumberValue(log.lastNumber);

        public void Read(JsonElement value) => log.lastNumber = Math.Max(log.lastNumber, value.GetInt64());
    }
}
