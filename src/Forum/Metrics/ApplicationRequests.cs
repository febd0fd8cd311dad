using System.Collections.Concurrent;
using Forum.Database;
using Npgsql;

namespace Forum.Metrics;

/// <summary>Counts requests by day and kind for the reports of the staff: in memory, and once a minute into application_requests, where all units' add up.</summary>
/// <remarks>The numbers of the kinds are upstream's: app/models/application_request.rb.</remarks>
sealed partial class ApplicationRequests(ForumDatabase database, TimeProvider time, ILogger<ApplicationRequests> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<(DateOnly Day, int Kind), int> _counts = new();

    public void Count(MeasuredRequest request)
    {
        Add(0);
        if (request.IsBackground)
            Add(2);
        else if (request.Status / 100 is >= 2 and <= 5 and var hundreds)
            Add(hundreds == 2 ? 1 : hundreds);
        if (request.Api != "web")
            Add(request.Api == "admin" ? 11 : 12);
        var isMobile = request.Device == "mobile";
        switch (request.PageView)
        {
            case "crawler":
                Add(6);
                break;
            case "logged_in":
                Add(7);
                if (isMobile)
                    Add(9);
                break;
            case "anon":
                Add(8);
                if (isMobile)
                    Add(10);
                break;
        }
    }

    void Add(int kind) => _counts.AddOrUpdate((DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), kind), 1, (_, count) => count + 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await StoreAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping: what was counted last is stored below.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreAsync(cancellationToken);
    }

    /// <summary>Adds what was counted to the rows; what could not be stored is kept for the next time.</summary>
    internal async Task StoreAsync(CancellationToken cancellation)
    {
        var taken = _counts.Keys.Select(key => (Key: key, Count: _counts.TryRemove(key, out var count) ? count : 0)).Where(one => one.Count > 0).ToList();
        if (taken.Count == 0)
            return;
        try
        {
            await database.ExecuteAsync("""
                INSERT INTO application_requests AS r (date, req_type, count)
                SELECT * FROM unnest($1::date[], $2::int[], $3::int[]) AS o (date, req_type, count) ORDER BY date, req_type
                ON CONFLICT (date, req_type) DO UPDATE SET count = r.count + excluded.count
                """, [taken.Select(one => one.Key.Day).ToArray(), taken.Select(one => one.Key.Kind).ToArray(), taken.Select(one => one.Count).ToArray()], cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            foreach (var (key, count) in taken)
                _counts.AddOrUpdate(key, count, (_, more) => more + count);
            LogNotStored(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store the counts of requests: {Reason}")]
    partial void LogNotStored(string reason);
}
