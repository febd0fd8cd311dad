using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Juju.Local.State;

/// <summary>
/// The controller's file: records as JSON by kind and id, the log, and the history of statuses. One connection, one lock.
/// Write-ahead logging without a sync for each commit: a killed controller loses nothing, a power cut the last moments.
/// </summary>
sealed class Database : IDisposable
{
    readonly SqliteConnection connection;
    readonly Lock gate = new();

    public Database(string path)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS record (
                model TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                PRIMARY KEY (model, kind, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS log (
                id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, time INTEGER NOT NULL, entity TEXT NOT NULL,
                level TEXT NOT NULL, module TEXT NOT NULL, message TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS log_of_model ON log (model, id);
            CREATE TABLE IF NOT EXISTS status_history (
                id INTEGER PRIMARY KEY, model TEXT NOT NULL, entity TEXT NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
                status TEXT NOT NULL, message TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS status_of_entity ON status_history (model, entity, id);
            """);
    }

    public string? FindSetting(string name) =>
        Query("SELECT value FROM setting WHERE name = $1", row => row.GetString(0), name) is [var value] ? value : null;

    public void SetSetting(string name, string value) =>
        Execute("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2", name, value);

    public IReadOnlyList<string> Models() => Query("SELECT id FROM record WHERE kind = 'model'", row => row.GetString(0));

    public IReadOnlyList<(string Kind, string Body)> Records(string model) => Query(
        "SELECT kind, body FROM record WHERE model = $1", row => (row.GetString(0), row.GetString(1)), model);

    /// <summary>Writes all of it or nothing. A null body removes the record.</summary>
    public void Write(string model, IReadOnlyList<(string Kind, string Id, string? Body)> changes)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction();
            foreach (var (kind, id, body) in changes)
            {
                if (body is null)
                {
                    Execute("DELETE FROM record WHERE model = $1 AND kind = $2 AND id = $3", model, kind, id);
                }
                else
                {
                    Execute("""
                        INSERT INTO record (model, kind, id, body) VALUES ($1, $2, $3, $4)
                        ON CONFLICT (model, kind, id) DO UPDATE SET body = $4
                        """, model, kind, id, body);
                }
            }

            transaction.Commit();
        }
    }

    public void RemoveModel(string model)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction();
            Execute("DELETE FROM record WHERE model = $1", model);
            Execute("DELETE FROM log WHERE model = $1", model);
            Execute("DELETE FROM status_history WHERE model = $1", model);
            transaction.Commit();
        }
    }

    public void Execute([ConstantExpected] string sql, params ReadOnlySpan<object> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            command.ExecuteNonQuery();
        }
    }

    public IReadOnlyList<T> Query<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    public void Dispose() => connection.Dispose();

    [SuppressMessage("Security", "CA2100", Justification = "Both callers take constants only.")]
    SqliteCommand Command(string sql, ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return command;
    }
}
