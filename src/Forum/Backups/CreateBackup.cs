using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Jobs;
using Forum.Settings;
using Npgsql;

namespace Forum.Backups;

/// <summary>Writes database and uploads into one archive: dump.pgdump, as pg_restore takes it, and uploads/.</summary>
sealed class CreateBackup(BackupFiles files, GlobalSettings globals, SiteSettings settings, TimeProvider time) : IJob
{
    public const string JobName = "create_backup";

    public string Name => JobName;

    public async Task RunAsync(JsonObject arguments, CancellationToken cancellation)
    {
        Directory.CreateDirectory(files.Folder);
        var stamp = time.GetUtcNow().ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture);
        var work = Directory.CreateTempSubdirectory("backup-").FullName;
        try
        {
            var dump = Path.Combine(work, "dump.pgdump");
            await DumpAsync(dump, cancellation);
            var unfinished = Path.Combine(files.Folder, $".{stamp}-{Guid.NewGuid():N}.part");
            await using (var file = File.Create(unfinished))
            await using (var zip = new GZipStream(file, CompressionLevel.Fastest))
            await using (var tar = new TarWriter(zip))
            {
                await tar.WriteEntryAsync(dump, "dump.pgdump", cancellation);
                var uploads = Path.Combine(globals.AppRoot, "public", "uploads", "default");
                if ((bool?)arguments["with_uploads"] == true && Directory.Exists(uploads))
                {
                    foreach (var upload in Directory.EnumerateFiles(uploads, "*", SearchOption.AllDirectories))
                    {
                        await tar.WriteEntryAsync(upload, "uploads/default/" + Path.GetRelativePath(uploads, upload), cancellation);
                    }
                }
            }

            File.Move(unfinished, Path.Combine(files.Folder, $"discourse-{stamp}-v{ForumVersion.Current}.tar.gz"), overwrite: true);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        foreach (var old in files.List().Skip(Math.Max(1, settings.Int("maximum_backups"))))
        {
            old.Delete();
        }
    }

    async Task DumpAsync(string target, CancellationToken cancellation)
    {
        var database = new NpgsqlConnectionStringBuilder(DatabaseSettings.ConnectionString(globals));
        var start = new ProcessStartInfo(Program("pg_dump"),
        [
            "--format=custom", "--no-owner", "--no-privileges", "--file", target, "--host", database.Host!, "--port", database.Port.ToString(CultureInfo.InvariantCulture),
            "--username", database.Username!, database.Database!,
        ])
        {
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = database.Password ?? "";
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"pg_dump ended with code {process.ExitCode}: {errors}");
        }
    }

    /// <summary>A program of PostgreSQL's client, in the PATH or where Debian puts the newest.</summary>
    static string Program(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? name;
}
