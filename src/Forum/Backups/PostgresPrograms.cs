using System.Diagnostics;
using System.Globalization;
using Forum.Configuration;
using Npgsql;

namespace Forum.Backups;

/// <summary>pg_dump and pg_restore, run against the forum's database.</summary>
sealed class PostgresPrograms(GlobalSettings globals)
{
    /// <summary>Writes the forum's tables into a file; not those that a restore put aside.</summary>
    public Task DumpAsync(string target, CancellationToken cancellation) =>
        RunAsync("pg_dump", [.. Connection(), "--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--file", target], cancellation);

    /// <summary>What a dump holds, one entry a line.</summary>
    public Task<string> ListAsync(string dump, CancellationToken cancellation) => RunAsync("pg_restore", ["--list", dump], cancellation);

    /// <summary>Puts the entries of a list file into the database, all or none.</summary>
    public Task RestoreAsync(string dump, string list, CancellationToken cancellation) => RunAsync(
        "pg_restore", [.. Connection(), "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--use-list", list, dump], cancellation);

    string[] Connection()
    {
        var database = Settings;
        return ["--host", database.Host!, "--port", database.Port.ToString(CultureInfo.InvariantCulture), "--username", database.Username!, "--dbname", database.Database!];
    }

    NpgsqlConnectionStringBuilder Settings => new(DatabaseSettings.ConnectionString(globals));

    async Task<string> RunAsync(string name, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Find(name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = Settings.Password ?? "";
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? output : throw new BackupException($"{name} ended with code {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>A program of PostgreSQL's client, in the PATH or where Debian puts the newest.</summary>
    static string Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new BackupException($"the program {name} is missing; install the package postgresql-client");
}

/// <summary>A backup could not be made or restored.</summary>
sealed class BackupException(string message) : Exception(message);
