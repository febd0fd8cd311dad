using System.Diagnostics;
using System.Globalization;
using Servers;

namespace Forum.Tests;

/// <summary>The database of a real Discourse v3.3.0, restored once per run and copied.</summary>
static class DiscourseDump
{
    /// <returns>The name of a database of one's own.</returns>
    public static Task<string> RestoreAsync(PostgresServer postgres, CancellationToken cancellation) =>
        postgres.CreateDatabaseAsync("discourse_dump", template =>
        {
            var start = new ProcessStartInfo(PostgresServer.Program("pg_restore"),
            [
                "--no-comments", "--no-owner", "--no-privileges", "-h", postgres.Host,
                "-p", postgres.Port.ToString(CultureInfo.InvariantCulture), "-U", postgres.Username, "-d", template,
                Path.Combine(AppContext.BaseDirectory, "Data", "discourse-3.3.0.dump"),
            ])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            // The extension pgaudit, which a stock PostgreSQL lacks, is the one thing that fails; it holds no data.
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return Task.CompletedTask;
        }, cancellation);
}
