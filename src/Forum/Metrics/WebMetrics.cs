using System.Collections.Concurrent;

namespace Forum.Metrics;

/// <summary>One finished request, as the metrics see it.</summary>
sealed record MeasuredRequest
{
    public required int Status { get; init; }

    public required string Verb { get; init; }

    /// <summary>web, user or admin: how the client proved who it is.</summary>
    public required string Api { get; init; }

    public required bool IsBackground { get; init; }

    public required bool IsLoggedIn { get; init; }

    /// <summary>json, html or other.</summary>
    public required string ContentType { get; init; }

    public required string Controller { get; init; }

    public required string Action { get; init; }

    public required TimeSpan Total { get; init; }

    public TimeSpan Sql { get; init; }

    public TimeSpan Redis { get; init; }

    public TimeSpan Net { get; init; }

    public int SqlCalls { get; init; }

    public bool IsCacheHit { get; init; }

    public bool IsCacheStore { get; init; }

    /// <summary>crawler, anon or logged_in; null when it is no page view.</summary>
    public string? PageView { get; init; }

    /// <summary>desktop, mobile or crawler.</summary>
    public string Device { get; init; } = "desktop";

    public TimeSpan? Queued { get; init; }
}

/// <summary>Counts and times of requests, under discourse-prometheus' names.</summary>
sealed class WebMetrics(TimeProvider time)
{
    static readonly HashSet<(string, string)> Named =
    [
        ("list", "latest"), ("list", "top"), ("topics", "show"), ("users", "show"), ("categories", "categories_and_latest"),
    ];

    readonly ConcurrentDictionary<(bool Success, string ContentType, bool LoggedIn, string Controller, string Action), Series> _series = new();
    readonly ConcurrentDictionary<(string Api, string Verb, bool Background, int Status), Counter> _requests = new();
    readonly ConcurrentDictionary<(string Type, string Device), Counter> _pageViews = new();
    readonly Distribution _queue = new(Distribution.Queue, time);
    int _active;

    public int Active => _active;

    public void Begin() => Interlocked.Increment(ref _active);

    public void End(MeasuredRequest request)
    {
        Interlocked.Decrement(ref _active);
        Count(_requests, (request.Api, request.Verb, request.IsBackground, request.Status));
        if (request.PageView is { } view)
        {
            Count(_pageViews, (view, request.Device));
        }

        if (request.Queued is { } queued)
        {
            _queue.Add(queued.TotalSeconds);
        }

        if (request.Status < 100)
        {
            return;
        }

        var (controller, action) = Named.Contains((request.Controller, request.Action)) ? (request.Controller, request.Action) : ("other", "other");
        _series.GetOrAdd(
            (request.Status is >= 200 and < 300, request.ContentType, request.IsLoggedIn, controller, action), static (_, time) => new Series(time), time).Add(request);
    }

    public void Write(Exposition text)
    {
        text.Family("page_views", "counter", "Page views reported by admin dashboard");
        foreach (var ((type, device), count) in _pageViews)
        {
            text.Sample("page_views", Exposition.Labels(("db", "default"), ("type", type), ("device", device)), count.Value);
        }

        text.Family("http_requests", "counter", "Total HTTP requests from web app");
        foreach (var ((api, verb, background, status), count) in _requests)
        {
            text.Sample("http_requests", Exposition.Labels(
                ("db", "default"), ("api", api), ("verb", verb), ("type", background ? "background" : "regular"), ("status", Exposition.Number(status))), count.Value);
        }

        text.Family("http_forced_anon_count", "counter", "Total count of logged in requests forced into anonymous mode");
        (string Label, Series Series)[] series = [.. _series.Select(pair => (Exposition.Labels(
            ("success", pair.Key.Success ? "true" : "false"), ("content_type", pair.Key.ContentType), ("logged_in", pair.Key.LoggedIn ? "true" : "false"),
            ("controller", pair.Key.Controller), ("action", pair.Key.Action)), pair.Value))];
        foreach (var (name, help, of) in Times)
        {
            text.Family($"http_requests_{name}", "histogram", help);
            foreach (var (labels, one) in series)
            {
                of(one).WriteHistogram(text, $"http_requests_{name}", labels);
            }

            text.Family($"http_{name}", "summary", help);
            foreach (var (labels, one) in series)
            {
                of(one).WriteSummary(text, $"http_{name}", labels);
            }
        }

        text.Family("http_requests_queue_duration_seconds", "histogram", "Time spent queueing requests between NGINX and Ruby in seconds");
        _queue.WriteHistogram(text, "http_requests_queue_duration_seconds", "");
        text.Family("http_queue_duration_seconds", "summary", "Time spent queueing requests between NGINX and Ruby in seconds");
        _queue.WriteSummary(text, "http_queue_duration_seconds", "");

        foreach (var (name, help, of) in LastValues)
        {
            text.Family(name, name.Contains("anon_cache", StringComparison.Ordinal) ? "counter" : "gauge", help);
            foreach (var (labels, one) in series)
            {
                text.Sample(name, labels, of(one));
            }
        }
    }

    static readonly (string Name, string Help, Func<Series, Distribution> Of)[] Times =
    [
        ("duration_seconds", "Time spent in HTTP reqs in seconds", series => series.Total),
        ("application_duration_seconds", "Time spent in application code within HTTP reqs in seconds", series => series.Application),
        ("redis_duration_seconds", "Time spent in Redis within HTTP reqs redis seconds", series => series.Redis),
        ("sql_duration_seconds", "Time spent in SQL within HTTP reqs in seconds", series => series.Sql),
        ("net_duration_seconds", "Time spent in external network requests within HTTP reqs in seconds", series => series.Net),
        ("gc_duration_seconds", "Time spent in garbage collection within HTTP reqs in seconds", series => series.Gc),
    ];

    static readonly (string Name, string Help, Func<Series, double> Of)[] LastValues =
    [
        ("http_gc_major_count", "How many major GC runs per request", _ => 0),
        ("http_gc_minor_count", "How many minor GC runs per request", _ => 0),
        ("http_sql_calls_per_request", "How many SQL statements ran per request", series => series.SqlCalls),
        ("http_anon_cache_store", "How many a payload is stored in redis for anonymous cache", series => series.CacheStores),
        ("http_anon_cache_hit", "How many a payload from redis is used for anonymous cache", series => series.CacheHits),
    ];

    static void Count<T>(ConcurrentDictionary<T, Counter> counters, T key) where T : notnull => counters.GetOrAdd(key, static _ => new Counter()).Add();

    sealed class Counter
    {
        long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }

    sealed class Series(TimeProvider time)
    {
        int _cacheHits;
        int _cacheStores;

        public Distribution Total { get; } = new(Distribution.Requests, time);

        public Distribution Application { get; } = new(Distribution.Requests, time);

        public Distribution Redis { get; } = new(Distribution.Requests, time);

        public Distribution Sql { get; } = new(Distribution.Requests, time);

        public Distribution Net { get; } = new(Distribution.Requests, time);

        public Distribution Gc { get; } = new(Distribution.Requests, time);

        public int SqlCalls { get; private set; }

        public int CacheHits => _cacheHits;

        public int CacheStores => _cacheStores;

        public void Add(MeasuredRequest request)
        {
            Total.Add(request.Total.TotalSeconds);
            Application.Add(Math.Max(0, (request.Total - request.Sql - request.Redis - request.Net).TotalSeconds));
            Redis.Add(request.Redis.TotalSeconds);
            Sql.Add(request.Sql.TotalSeconds);
            Net.Add(request.Net.TotalSeconds);
            Gc.Add(0);
            SqlCalls = request.SqlCalls;
            Interlocked.Add(ref _cacheHits, request.IsCacheHit ? 1 : 0);
            Interlocked.Add(ref _cacheStores, request.IsCacheStore ? 1 : 0);
        }
    }
}
