using Forum.Configuration;
using Forum.Database;
using Forum.Redis;
using Npgsql;

namespace Forum.Metrics;

/// <summary>What is true of the whole forum, asked for at each collection; also by the exporter when the server is down.</summary>
static class GlobalMetrics
{
    public static async Task WriteAsync(
        Exposition text, ForumDatabase database, RedisClient redis, GlobalSettings globals, int active, CancellationToken cancellation)
    {
        var queued = 0L;
        var dead = 0L;
        var oldest = 0d;
        var sequence = 0L;
        var hasPostgres = true;
        try
        {
            (queued, dead, oldest, sequence) = await database.FindAsync("""
                SELECT count(*) FILTER (WHERE dead_at IS NULL AND run_at <= now()), count(*) FILTER (WHERE dead_at IS NOT NULL),
                    coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE dead_at IS NULL AND run_at <= now())), 0)::float8,
                    (SELECT greatest((SELECT last_value FROM posts_id_seq), (SELECT last_value FROM notifications_id_seq)))
                FROM forum_jobs
                """, row => (row.Long(0), row.Long(1), row.Number(2), row.Long(3)), [], cancellation);
        }
        catch (NpgsqlException)
        {
            hasPostgres = false;
        }

        var hasRedis = true;
        var isReadOnly = false;
        try
        {
            isReadOnly = (await redis.SendAsync(Status.ReadOnlyMode.Ask(), cancellation)).AsNumber > 0;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            hasRedis = false;
        }

        text.Single("postgres_readonly_mode", "gauge", "Indicates whether site is in readonly mode due to PostgreSQL failover", 0);
        var main = Exposition.Labels(("type", "main"));
        text.Single("redis_master_available", "gauge", "DEPRECATED: see redis_primary_available", hasRedis ? 1 : 0, main);
        text.Single("redis_primary_available", "gauge", "Whether or not we have an active connection to the primary Redis", hasRedis ? 1 : 0, main);
        text.Single("redis_slave_available", "gauge", "DEPRECATED: see redis_replica_available", 0, main);
        text.Single("redis_replica_available", "gauge", "Whether or not we have an active connection to the replica Redis", 0, main);
        text.Single("postgres_master_available", "gauge", "DEPRECATED: see postgres_primary_available", hasPostgres ? 1 : 0);
        text.Single("postgres_primary_available", "gauge", "Whether or not we have an active connection to the primary PostgreSQL", hasPostgres ? 1 : 0);
        text.Single("postgres_replica_available", "gauge", "Whether or not we have an active connection to the replica PostgreSQL", 0);
        text.Single("active_app_reqs", "gauge", "Number of active web requests in progress", active);
        text.Single("queued_app_reqs", "gauge", "Number of queued web requests", 0);
        text.Single("sidekiq_jobs_enqueued", "gauge", "Number of jobs queued in the Sidekiq worker processes", queued, Exposition.Labels(("queue", "default")));
        text.Single("sidekiq_jobs_dead", "gauge", "Number of jobs that failed too often and are kept", dead);
        text.Single("sidekiq_processes", "gauge", "Number of Sidekiq job processes", 1);
        text.Single("sidekiq_paused", "gauge", "Whether or not Sidekiq is paused", 0, Exposition.Labels(("db", "default")));
        text.Single("sidekiq_workers", "gauge", "Total number of active sidekiq workers", globals.Number("sidekiq_workers", 5));
        text.Single("sidekiq_queue_latency_seconds", "gauge", "Latency in seconds for each Sidekiq queue", oldest, Exposition.Labels(("queue", "default")));
        text.Single("missing_s3_uploads", "gauge", "Number of missing uploads in S3", 0, Exposition.Labels(("db", "default")));
        text.Single("version_info", "gauge", "Labelled with `revision` and `version`", 1, Exposition.Labels(("revision", ForumVersion.Revision), ("version", ForumVersion.Current)));
        text.Single("readonly_sites", "gauge", "Count of sites currently in readonly mode", isReadOnly ? 1 : 0, Exposition.Labels(("key", "readonly_mode")));
        text.Single("postgres_highest_sequence", "gauge", "The highest last_value from the pg_sequences table", sequence, Exposition.Labels(("db", "default")));
        text.Single("tmp_dir_available_bytes", "gauge", "Available space in /tmp directory (bytes)", new DriveInfo("/tmp").AvailableFreeSpace);
    }
}
