using System.Diagnostics;

namespace Forum.Database;

/// <summary>What one request has cost so far: statements, Redis commands and their time. Flows with the request's tasks.</summary>
sealed class RequestCosts
{
    static readonly AsyncLocal<RequestCosts?> Flowing = new();

    int _sqlCalls;
    int _redisCalls;
    long _sqlTicks;
    long _redisTicks;
    long _netTicks;

    public static RequestCosts? Current => Flowing.Value;

    public int SqlCalls => _sqlCalls;

    public int RedisCalls => _redisCalls;

    public TimeSpan SqlTime => Stopwatch.GetElapsedTime(0, _sqlTicks);

    public TimeSpan RedisTime => Stopwatch.GetElapsedTime(0, _redisTicks);

    /// <summary>Whether something was written for good.</summary>
    public bool HasCommitted { get; set; }

    public TimeSpan NetTime => Stopwatch.GetElapsedTime(0, _netTicks);

    /// <summary>Counts from here on, in this flow.</summary>
    public static RequestCosts Begin() => Flowing.Value = new RequestCosts();

    /// <summary>One statement, or some that are sent together; its time is until disposal.</summary>
    public static Meter Sql(int statements = 1) => new(Flowing.Value, Kind.Sql, statements);

    public static Meter Redis() => new(Flowing.Value, Kind.Redis);

    public static Meter Net() => new(Flowing.Value, Kind.Net);

    internal enum Kind
    {
        Sql,
        Redis,
        Net,
    }

    internal readonly struct Meter(RequestCosts? costs, Kind kind, int statements = 1) : IDisposable
    {
        readonly long _start = costs is null ? 0 : Stopwatch.GetTimestamp();

        public void Dispose()
        {
            if (costs is null)
            {
                return;
            }

            var ticks = Stopwatch.GetTimestamp() - _start;
            switch (kind)
            {
                case Kind.Sql:
                    Interlocked.Add(ref costs._sqlCalls, statements);
                    Interlocked.Add(ref costs._sqlTicks, ticks);
                    break;
                case Kind.Redis:
                    Interlocked.Increment(ref costs._redisCalls);
                    Interlocked.Add(ref costs._redisTicks, ticks);
                    break;
                default:
                    Interlocked.Add(ref costs._netTicks, ticks);
                    break;
            }
        }
    }
}
