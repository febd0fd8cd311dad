using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Forum.Redis;

namespace Forum.PageCache;

/// <summary>An answer kept as bytes.</summary>
sealed record CachedPage(string ContentType, byte[] Body, DateTimeOffset Until)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>Compressing less than this gains nothing.</summary>
    const int SmallestCompressed = 1024;

    /// <summary>Tells bodies apart: in Redis one that is whole from one that was cut off or overwritten, and for clients the one they have from a newer.</summary>
    public string Sum { get; } = SumOf(Body);

    /// <summary>Weak, since it is the same for the compressed copy.</summary>
    public string ETag => field ??= $"W/\"{Sum}\"";

    /// <summary>The body as gzip, made when it is first asked for; null when it is too small.</summary>
    public byte[]? Gzip => Body.Length < SmallestCompressed ? null : field ??= Compressed(Body);

    public static string SumOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8));

    static byte[] Compressed(byte[] body)
    {
        using var compressed = new MemoryStream(body.Length / 3);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}

/// <summary>
/// Answers for visitors: in memory, with a copy in Redis for the other units. Any write anywhere begins a new generation,
/// which no old answer belongs to; so nothing stale is shown, and nothing need be found and deleted. Without Redis the
/// memory alone is used, for a shorter time, since other units' writes are not heard of.
/// </summary>
sealed partial class AnonymousPages(RedisClient redis, RedisOptions options, TimeProvider time, ILogger<AnonymousPages> logger)
{
    const int MostPages = 2000;
    const long MostBytes = 48 * 1024 * 1024;
    static readonly TimeSpan LifeWithoutRedis = TimeSpan.FromSeconds(2);

    /// <summary>Begins a generation and tells all units, in one step.</summary>
    const string NextGeneration = """
        local generation = redis.call('INCR', KEYS[1])
        redis.call('PUBLISH', ARGV[1], generation)
        return generation
        """;

    readonly ConcurrentDictionary<string, CachedPage> _pages = new();
    readonly ConcurrentDictionary<string, Lazy<Task<CachedPage?>>> _filling = new();
    readonly ConcurrentDictionary<string, int> _asked = new();
    long _bytes;
    long _generation = -1;
    DateTimeOffset _countedFrom;

    string Channel => $"default:pages:{options.Database}";

    static string GenerationKey { get; } = RedisClient.Key("pages:generation");

    /// <summary>Hears of writes by other units, from now on.</summary>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        await redis.SubscribeAsync(Channel, (_, message) => Forget(long.TryParse(Encoding.UTF8.GetString(message), out var generation) ? generation : -1), cancellation);
        Forget((await redis.SendAsync(["GET", GenerationKey], cancellation)).AsNumber);
    }

    public CachedPage? Find(string key) => _pages.TryGetValue(key, out var page) && page.Until > time.GetUtcNow() ? page : null;

    /// <summary>How often the key was asked for in this minute, this time included.</summary>
    public int Ask(string key)
    {
        var now = time.GetUtcNow();
        if (now - _countedFrom > CachedPage.Life)
        {
            _countedFrom = now;
            _asked.Clear();
        }

        return _asked.AddOrUpdate(key, 1, (_, count) => count + 1);
    }

    /// <summary>The page, made once however many ask for it; null when what was made can't be kept.</summary>
    public async Task<CachedPage?> FillAsync(string key, Func<Task<CachedPage?>> make)
    {
        var mine = new Lazy<Task<CachedPage?>>(() => MakeAsync(key, make));
        var filling = _filling.GetOrAdd(key, mine);
        try
        {
            return await filling.Value;
        }
        finally
        {
            _filling.TryRemove(new KeyValuePair<string, Lazy<Task<CachedPage?>>>(key, filling));
        }
    }

    /// <summary>Something that visitors see has changed: no unit shows an older answer from here on.</summary>
    public async Task ChangedAsync(CancellationToken cancellation)
    {
        Forget(-1);
        try
        {
            Forget((await redis.SendAsync(["EVAL", NextGeneration, 1, GenerationKey, Channel], cancellation)).AsNumber);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogUnheard(e.Message);
        }
    }

    async Task<CachedPage?> MakeAsync(string key, Func<Task<CachedPage?>> make)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation >= 0 && await FromRedisAsync(key, generation) is { } shared)
        {
            Keep(key, shared, generation);
            return shared;
        }

        var page = await make();
        if (page is not null)
        {
            if (generation < 0 || !redis.IsAvailable)
            {
                page = page with { Until = time.GetUtcNow() + LifeWithoutRedis };
            }

            Keep(key, page, generation);
            await ToRedisAsync(key, page, generation);
        }

        return page;
    }

    void Keep(string key, CachedPage page, long generation)
    {
        // A write since then: the answer may already be old.
        if (Volatile.Read(ref _generation) != generation)
        {
            return;
        }

        if (_pages.Count >= MostPages || Interlocked.Read(ref _bytes) + page.Body.Length > MostBytes)
        {
            _pages.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }

        _pages[key] = page;
        Interlocked.Add(ref _bytes, page.Body.Length);
    }

    void Forget(long generation)
    {
        Volatile.Write(ref _generation, generation);
        _pages.Clear();
        Interlocked.Exchange(ref _bytes, 0);
    }

    async Task<CachedPage?> FromRedisAsync(string key, long generation)
    {
        try
        {
            var stored = (await redis.SendAsync(["GET", PageKey(key, generation)], CancellationToken.None)).Bytes;
            var end = stored is null ? -1 : Array.IndexOf(stored, (byte)'\n');
            if (end <= 0)
            {
                return null;
            }

            return Encoding.UTF8.GetString(stored!, 0, end).Split('|') is [var milliseconds, ("text/html; charset=utf-8" or "application/json; charset=utf-8") and var type, var sum]
                && long.TryParse(milliseconds, CultureInfo.InvariantCulture, out var until) && until > time.GetUtcNow().ToUnixTimeMilliseconds()
                && until <= (time.GetUtcNow() + CachedPage.Life).ToUnixTimeMilliseconds() && sum == CachedPage.SumOf(stored.AsSpan(end + 1))
                ? new CachedPage(type, stored![(end + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(until))
                : null;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            return null;
        }
    }

    async Task ToRedisAsync(string key, CachedPage page, long generation)
    {
        if (generation < 0)
        {
            return;
        }

        try
        {
            byte[] head = Encoding.UTF8.GetBytes($"{page.Until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}|{page.ContentType}|{page.Sum}\n");
            await redis.SendAsync(["SET", PageKey(key, generation), (byte[])[.. head, .. page.Body], "EX", (long)CachedPage.Life.TotalSeconds], CancellationToken.None);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogUnheard(e.Message);
        }
    }

    static string PageKey(string key, long generation) => RedisClient.Key($"page:{generation.ToString(CultureInfo.InvariantCulture)}:{key}");

    [LoggerMessage(Level = LogLevel.Debug, Message = "Other units were not told of a change: {Reason}")]
    partial void LogUnheard(string reason);
}
