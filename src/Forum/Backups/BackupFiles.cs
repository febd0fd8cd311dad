using System.Text.RegularExpressions;
using Forum.Configuration;

namespace Forum.Backups;

/// <summary>The archives in public/backups/default.</summary>
sealed partial class BackupFiles(GlobalSettings globals)
{
    public string Folder { get; } = Path.Combine(globals.AppRoot, "public", "backups", "default");

    public IEnumerable<FileInfo> List() => Directory.Exists(Folder)
        ? new DirectoryInfo(Folder).EnumerateFiles("*.tar.gz").OrderByDescending(file => file.LastWriteTimeUtc)
        : [];

    /// <summary>The archive of that name, or null; a name with a path in it is none.</summary>
    public FileInfo? Find(string name) => Valid().IsMatch(name) && new FileInfo(Path.Combine(Folder, name)) is { Exists: true } file ? file : null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\.tar\.gz$")]
    private static partial Regex Valid();
}
