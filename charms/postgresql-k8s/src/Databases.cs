using System.Globalization;
using Ops;
using Ops.Relations.Postgresql;

namespace PostgresqlK8s;

/// <summary>Databases and roles of the related applications, on the primary.</summary>
/// <remarks>
/// A database belongs to a role without login, <c>NAME_owner</c>, of which each relation's role is a member and as which it acts:
/// so an application that is removed and related again, under another role, still owns its tables.
/// </remarks>
sealed class Databases(Sql sql)
{
    /// <summary>The role of a relation.</summary>
    public static string UserOf(Relation relation) => string.Create(CultureInfo.InvariantCulture, $"relation_id_{relation.Id}");

    /// <summary>Makes the database, its owner, the relation's role and the extensions, whichever are not there.</summary>
    public void Ensure(DatabaseRequest request, string user, string password, IReadOnlyList<string> extensions)
    {
        var database = request.Database;
        var owner = $"{database}_owner";
        var attributes = request.ExtraUserRoles.Contains("SUPERUSER", StringComparer.OrdinalIgnoreCase) ? "SUPERUSER" : "NOSUPERUSER";
        sql.Run($"""
            SELECT 'CREATE ROLE {Escaped(owner)} NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {Sql.Text(owner)}) \gexec
            SELECT 'CREATE ROLE {Escaped(user)} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {Sql.Text(user)}) \gexec
            ALTER ROLE {Sql.Name(user)} {attributes} PASSWORD {Sql.Text(password)};
            GRANT {Sql.Name(owner)} TO {Sql.Name(user)};
            SELECT 'CREATE DATABASE {Escaped(database)} OWNER {Escaped(owner)}'
                WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = {Sql.Text(database)}) \gexec
            ALTER DATABASE {Sql.Name(database)} OWNER TO {Sql.Name(owner)};
            ALTER ROLE {Sql.Name(user)} IN DATABASE {Sql.Name(database)} SET role = {Sql.Name(owner)};
            REVOKE CONNECT ON DATABASE {Sql.Name(database)} FROM PUBLIC;
            """);
        // What an operator restored into the database is the application's as well.
        var create = string.Concat(extensions.Select(e => $"CREATE EXTENSION IF NOT EXISTS {Sql.Name(e)};\n"));
        sql.Run($"""
            {create}
            ALTER SCHEMA public OWNER TO {Sql.Name(owner)};
            REASSIGN OWNED BY "operator" TO {Sql.Name(owner)};
            """, database);
    }

    /// <summary>Takes away the role of a relation that ended, and ends its sessions; the database stays.</summary>
    public void Forget(string user)
    {
        if (sql.Run($"SELECT 1 FROM pg_roles WHERE rolname = {Sql.Text(user)}") != "1")
        {
            return;
        }

        sql.Run($"ALTER ROLE {Sql.Name(user)} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {Sql.Text(user)}");
        var databases = sql.Run("SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate").Split('\n');
        foreach (var database in databases)
        {
            var owner = sql.Run($"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = {Sql.Text(database)}");
            sql.Run($"REASSIGN OWNED BY {Sql.Name(user)} TO {Sql.Name(owner)}; DROP OWNED BY {Sql.Name(user)};", database);
        }

        sql.Run($"DROP ROLE {Sql.Name(user)}");
    }

    // A name inside the text of a statement that psql's \gexec runs.
    static string Escaped(string name) => Sql.Name(name).Replace("'", "''", StringComparison.Ordinal);
}
