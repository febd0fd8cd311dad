using Ops.Relations.Postgresql;
using Ops.Relations.Redis;

namespace Discourse;

sealed partial class DiscourseCharm
{
    /// <summary>What the forum needs before anything can be done, worked out once per dispatch.</summary>
    Readiness Readiness => field ??= FindReadiness();

    Readiness FindReadiness()
    {
        if (database.Connection.Value is not { } connection)
        {
            Log.Info($"the database cannot be used: {database.Connection.Reason}");
            return new Waiting("Waiting for database relation", StopsService: true);
        }

        if (!redis.IsRelated)
        {
            return new Waiting("Waiting for redis relation", StopsService: true);
        }

        if (redis.Address.Value is not { } address)
        {
            // It was there and will be again: the forum survives some time without its cache.
            Log.Info($"the cache cannot be used: {redis.Address.Reason}");
            return new Waiting("Waiting for redis relation to initialize", StopsService: false);
        }

        return workload.CanConnect() ? new Ready(connection, address) : new Unreachable();
    }
}

/// <summary>Whether the integrations and the container are there.</summary>
abstract record Readiness;

/// <summary>An integration is missing.</summary>
/// <param name="Message">The status message that says which.</param>
/// <param name="StopsService">Whether the forum cannot run meanwhile.</param>
sealed record Waiting(string Message, bool StopsService) : Readiness;

/// <summary>The integrations are there, the container's Pebble does not answer yet.</summary>
sealed record Unreachable : Readiness;

/// <summary>All that the forum needs is there.</summary>
/// <param name="Database">How to reach the database.</param>
/// <param name="Redis">Where the cache is.</param>
sealed record Ready(DatabaseConnection Database, RedisAddress Redis) : Readiness;
