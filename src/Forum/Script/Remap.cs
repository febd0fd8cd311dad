using System.Globalization;
using Forum.Database;
using Forum.PageCache;

namespace Forum.Script;

/// <summary>Replaces one text by another in every text column of the forum, as after a move to another address.</summary>
static class Remap
{
    /// <summary>Lists of versions, secrets by their hash and stored sign-ins hold nothing that a person wrote.</summary>
    static readonly string[] Untouched = ["schema_migrations", "schema_migration_details", "ar_internal_metadata", "forum_migrations", "forum_jobs", "forum_schedules", "user_auth_tokens", "user_auth_token_logs", "email_tokens"];

    public static async Task<int> RunAsync(IServiceProvider services, string from, string to, bool isForced, TextReader input, TextWriter output)
    {
        await output.WriteLineAsync($"Rewriting all occurrences of {from} to {to}");
        if (!isForced)
        {
            await output.WriteLineAsync("THIS TASK WILL REWRITE DATA, ARE YOU SURE (type YES)");
            if ((await input.ReadLineAsync())?.Trim() != "YES")
            {
                await output.WriteLineAsync("aborting");
                return 1;
            }
        }

        var database = services.GetRequiredService<ForumDatabase>();
        var columns = await database.ListAsync("""
            SELECT format('UPDATE %I SET %I = replace(%I, $1, $2) WHERE position($1 IN %I) > 0', c.relname, a.attname, a.attname, a.attname), c.relname || '.' || a.attname
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND a.attgenerated = ''
              AND NOT c.relname = ANY($1)
            ORDER BY 2
            """, row => (Sql: row.Text(0), Name: row.Text(1)), [Untouched], CancellationToken.None);
        await using var work = await database.BeginAsync(CancellationToken.None);
        foreach (var (sql, name) in columns)
        {
#pragma warning disable CA1857 // Made by the database of its own column names, quoted by it.
            var changed = await work.ExecuteAsync(sql, [from, to], CancellationToken.None);
#pragma warning restore CA1857
            if (changed > 0)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}={changed}"));
            }
        }

        await work.CommitAsync(CancellationToken.None);
        await services.GetRequiredService<AnonymousPages>().ChangedAsync(CancellationToken.None);
        await output.WriteLineAsync("Done");
        return 0;
    }
}
