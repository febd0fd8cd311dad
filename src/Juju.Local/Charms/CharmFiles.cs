using System.IO.Compression;
using System.Text;

namespace Juju.Local.Charms;

/// <summary>A charm as it lies on disk: a <c>.charm</c> zip or a folder of the same content.</summary>
sealed class CharmFiles : IDisposable
{
    readonly ZipArchive? zip;
    readonly string path;

    CharmFiles(string path, ZipArchive? zip)
    {
        this.path = path;
        this.zip = zip;
    }

    /// <exception cref="CharmException">There is no charm at the path; the message says what was expected.</exception>
    public static CharmFiles Open(string path)
    {
        if (Directory.Exists(path))
        {
            return new CharmFiles(path, null);
        }

        try
        {
            return new CharmFiles(path, ZipFile.OpenRead(path));
        }
        catch (InvalidDataException)
        {
            throw new CharmException($"\"{path}\" is not a charm: it is neither a folder nor a zip archive");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CharmException($"cannot read charm \"{path}\": {FileProblem.Text(unreadable)}");
        }
    }

    /// <summary>The text of a file at the top of the charm; null if it has none of that name.</summary>
    public string? ReadText(string name)
    {
        if (zip is null)
        {
            var file = Path.Combine(path, name);
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }

        if (zip.GetEntry(name) is not { } entry)
        {
            return null;
        }

        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Copies everything into an empty or missing folder, with the permission bits (a dispatch is executable).</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        if (zip is null)
        {
            CopyFolder(new DirectoryInfo(path), folder);
            return;
        }

        foreach (var entry in zip.Entries)
        {
            Extract(entry, folder);
        }
    }

    static void Extract(ZipArchiveEntry entry, string folder)
    {
        const int FileKind = 0xF000, SymbolicLink = 0xA000;
        var target = Path.GetFullPath(Path.Combine(folder, entry.FullName));
        if (!target.StartsWith(Path.GetFullPath(folder) + "/", StringComparison.Ordinal))
        {
            throw new CharmException($"charm has a file outside of its folder: \"{entry.FullName}\"");
        }

        var attributes = entry.ExternalAttributes >> 16;
        if (entry.FullName.EndsWith('/'))
        {
            Directory.CreateDirectory(target);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if ((attributes & FileKind) == SymbolicLink)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            var destination = reader.ReadToEnd();
            if (!Path.GetFullPath(Path.Combine(Path.GetDirectoryName(target)!, destination))
                .StartsWith(Path.GetFullPath(folder), StringComparison.Ordinal))
            {
                throw new CharmException($"charm has a link out of its folder: \"{entry.FullName}\" to \"{destination}\"");
            }

            File.Delete(target);
            File.CreateSymbolicLink(target, destination);
            return;
        }

        entry.ExtractToFile(target, overwrite: true);
        var mode = (UnixFileMode)(attributes & 0x1FF);
        File.SetUnixFileMode(target, mode | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    static void CopyFolder(DirectoryInfo source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var item in source.EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(target, item.Name);
            if (item.LinkTarget is { } link)
            {
                File.Delete(copy);
                File.CreateSymbolicLink(copy, link);
            }
            else if (item is DirectoryInfo folder)
            {
                CopyFolder(folder, copy);
            }
            else
            {
                File.Copy(item.FullName, copy, overwrite: true);
            }
        }
    }

    public void Dispose() => zip?.Dispose();
}

/// <summary>A charm that cannot be used as it is; the message is for whoever deploys it.</summary>
sealed class CharmException(string message) : Exception(message);
