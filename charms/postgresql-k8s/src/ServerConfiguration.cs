using System.Globalization;

namespace PostgresqlK8s;

/// <summary>The texts of postgresql.conf and pg_hba.conf.</summary>
/// <remarks>Source: https://www.postgresql.org/docs/current/runtime-config.html and auth-pg-hba-conf.html.</remarks>
static class ServerConfiguration
{
    /// <summary>Options of the server.</summary>
    /// <param name="profile"><c>production</c> or <c>testing</c>.</param>
    /// <param name="memoryBytes">Memory of the machine.</param>
    /// <param name="primary">Address of the primary that a standby follows; null on the primary.</param>
    public static string Options(string profile, long memoryBytes, string? primary)
    {
        var buffersMegabytes = profile == "testing" ? 64 : Math.Clamp(memoryBytes / 4 / 1024 / 1024, 128, 8192);
        var lines = new List<string>
        {
            "listen_addresses = '*'",
            $"unix_socket_directories = '{Server.SocketFolder}'",
            "max_connections = 200",
            $"shared_buffers = {buffersMegabytes.ToString(CultureInfo.InvariantCulture)}MB",
            "password_encryption = 'scram-sha-256'",
            // What standbys and pg_rewind need.
            "wal_level = replica",
            "wal_log_hints = on",
            "hot_standby = on",
            "max_wal_senders = 10",
            "wal_keep_size = 512MB",
            "recovery_target_timeline = 'latest'",
            "logging_collector = off",
            "log_destination = 'stderr'",
            "timezone = 'UTC'",
        };
        if (primary is not null)
        {
            lines.Add($"primary_conninfo = 'host={primary} port=5432 user=replication passfile={Server.PasswordFile} connect_timeout=5'");
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Who may connect: the superuser only from inside the container, everybody else by password.</summary>
    public const string Authentication =
        """
        local all         postgres                 peer
        local replication postgres                 peer
        host  all         postgres     all         reject
        host  replication replication  all         scram-sha-256
        host  all         all          all         scram-sha-256
        local all         all                      scram-sha-256

        """;
}
