namespace PostgresqlK8s;

/// <summary>Makes this unit's standby the primary without losing a write that was acknowledged.</summary>
/// <remarks>
/// The old primary is made read-only and its sessions are ended, so that what is acknowledged is in its log; this server then
/// replays that log to its end before it is promoted. The old primary's own unit makes it a standby afterwards.
/// </remarks>
sealed class Switchover(Server server, Sql primary)
{
    /// <summary>Returns null if this server is the primary now, else why nothing was changed.</summary>
    public string? Run()
    {
        if (server.Sql.Run("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") != "1")
        {
            return "This unit does not follow the primary; wait until it does";
        }

        primary.Run("ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf();");
        // Only a session that began after the reload is sure to be read-only: this loop sees it take effect, then ends all others.
        var end = primary.Run("""
            DO $$ BEGIN
              FOR i IN 1..100 LOOP
                EXIT WHEN (SELECT setting FROM pg_file_settings WHERE name = 'default_transaction_read_only' AND applied ORDER BY seqno DESC LIMIT 1) = 'on';
                PERFORM pg_sleep(0.05);
              END LOOP;
              PERFORM pg_sleep(0.2);
              PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();
              FOR i IN 1..100 LOOP
                EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity
                  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND backend_start < now());
                PERFORM pg_sleep(0.05);
              END LOOP;
            END $$;
            SELECT pg_current_wal_flush_lsn();
            """);
        var reached = server.Sql.Run($"""
            DO $$ BEGIN
              FOR i IN 1..600 LOOP
                EXIT WHEN pg_last_wal_replay_lsn() >= {Sql.Text(end)}::pg_lsn;
                PERFORM pg_sleep(0.05);
              END LOOP;
            END $$;
            SELECT pg_last_wal_replay_lsn() >= {Sql.Text(end)}::pg_lsn;
            """);
        if (reached != "t")
        {
            primary.Run("ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();");
            return "The standby did not catch up with the primary within 30 s; the primary takes writes again";
        }

        server.Promote();
        return null;
    }
}
