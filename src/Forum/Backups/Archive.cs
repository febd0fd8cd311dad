using System.Formats.Tar;
using System.IO.Compression;

namespace Forum.Backups;

/// <summary>What is inside a backup: dump.pgdump (ours) or dump.sql.gz (upstream's), and uploads/default/….</summary>
static class Archive
{
    public const string Dump = "dump.pgdump";
    public const string Uploads = "uploads/default/";

    /// <summary>Unpacks into a folder; nothing is written outside of it.</summary>
    /// <exception cref="BackupException">It is no backup, or one that cannot be restored here.</exception>
    public static async Task UnpackAsync(string archive, string folder, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(archive);
            await using var zip = new GZipStream(file, CompressionMode.Decompress);
            await using var tar = new TarReader(zip);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                var name = entry.Name.TrimStart('.', '/');
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || (name != Dump && name != "dump.sql.gz" && !name.StartsWith(Uploads, StringComparison.Ordinal)))
                {
                    continue;
                }

                var target = Path.GetFullPath(Path.Combine(folder, name));
                if (!target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw new BackupException($"the archive holds a file with a path out of it: \"{entry.Name}\"");
                }

                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await entry.ExtractToFileAsync(target, overwrite: true, cancellation);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new BackupException($"\"{Path.GetFileName(archive)}\" is no complete backup: {e.Message}");
        }

        if (!File.Exists(Path.Combine(folder, Dump)))
        {
            throw new BackupException(File.Exists(Path.Combine(folder, "dump.sql.gz"))
                ? "this backup was made by upstream Discourse as SQL text; restore it there, or put the SQL into an empty database with psql and run db:migrate"
                : $"\"{Path.GetFileName(archive)}\" holds no database");
        }
    }
}
