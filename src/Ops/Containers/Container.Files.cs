using System.Text;
using Pebble.Client;

namespace Ops;

partial class Container
{
    /// <summary>The content of a file as UTF-8 text.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <exception cref="PebblePathException">It cannot be read; kind not-found if there is none.</exception>
    public string Pull(string path) => Encoding.UTF8.GetString(PullBytes(path));

    /// <summary>The content of a file.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <exception cref="PebblePathException">It cannot be read; kind not-found if there is none.</exception>
    public byte[] PullBytes(string path)
    {
        using var content = new MemoryStream();
        Pebble.Pull(path, content);
        return content.ToArray();
    }

    /// <summary>Copies the content of a file to a stream, without holding it in memory.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="destination">Where it goes.</param>
    /// <exception cref="PebblePathException">It cannot be read; kind not-found if there is none.</exception>
    public void Pull(string path, Stream destination) => Pebble.Pull(path, destination);

    /// <summary>Writes a file: it appears whole or not at all.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="content">Its text, written as UTF-8.</param>
    /// <param name="makeDirs">Whether directories above it are made.</param>
    /// <param name="ownership">Mode and owner; null for 0644 and Pebble's user.</param>
    public void Push(string path, string content, bool makeDirs = false, FileOwnership? ownership = null) =>
        Push(path, Encoding.UTF8.GetBytes(content), makeDirs, ownership);

    /// <summary>Writes a file: it appears whole or not at all.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="makeDirs">Whether directories above it are made.</param>
    /// <param name="ownership">Mode and owner; null for 0644 and Pebble's user.</param>
    public void Push(string path, byte[] content, bool makeDirs = false, FileOwnership? ownership = null)
    {
        using var source = new MemoryStream(content, writable: false);
        Push(path, source, makeDirs, ownership);
    }

    /// <summary>Writes a file: it appears whole or not at all.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="source">Read to its end, not held in memory.</param>
    /// <param name="makeDirs">Whether directories above it are made.</param>
    /// <param name="ownership">Mode and owner; null for 0644 and Pebble's user.</param>
    public void Push(string path, Stream source, bool makeDirs = false, FileOwnership? ownership = null) =>
        Pebble.Push(path, source, makeDirs, ownership);

    /// <summary>Whether the path exists.</summary>
    /// <param name="path">An absolute path in the container.</param>
    public bool Exists(string path) => Find(path) is not null;

    /// <summary>Whether the path is a directory.</summary>
    /// <param name="path">An absolute path in the container.</param>
    public bool IsDir(string path) => Find(path)?.Kind == FileKind.Directory;

    /// <summary>What is in a directory, by name.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="pattern">A glob for names; null for all.</param>
    /// <param name="itself">Whether the directory itself is meant.</param>
    public IReadOnlyList<FileEntry> ListFiles(string path, string? pattern = null, bool itself = false) => Pebble.ListFiles(path, pattern, itself);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="makeParents">Whether those above are made, and one that exists is no error.</param>
    /// <param name="ownership">Mode and owner; null for 0755 and Pebble's user.</param>
    public void MakeDir(string path, bool makeParents = false, FileOwnership? ownership = null) => Pebble.MakeDir(path, makeParents, ownership);

    /// <summary>Removes a file or directory.</summary>
    /// <param name="path">An absolute path in the container.</param>
    /// <param name="recursive">Whether all in it goes, and one that does not exist is no error.</param>
    public void RemovePath(string path, bool recursive = false) => Pebble.RemovePath(path, recursive);

    /// <summary>Copies a local file, or a local directory with all in it, into a directory of the container.</summary>
    /// <param name="source">A path in the charm container.</param>
    /// <param name="destinationDir">An absolute path in the container; made if it does not exist.</param>
    public void PushPath(string source, string destinationDir)
    {
        if (File.Exists(source))
        {
            using var file = File.OpenRead(source);
            Push($"{destinationDir.TrimEnd('/')}/{System.IO.Path.GetFileName(source)}", file, makeDirs: true);
            return;
        }

        var target = $"{destinationDir.TrimEnd('/')}/{System.IO.Path.GetFileName(source.TrimEnd('/'))}";
        MakeDir(target, makeParents: true);
        foreach (var entry in Directory.EnumerateFileSystemEntries(source).Order(StringComparer.Ordinal))
        {
            PushPath(entry, target);
        }
    }

    /// <summary>Copies a file, or a directory with all in it, from the container into a local directory.</summary>
    /// <param name="source">An absolute path in the container.</param>
    /// <param name="destinationDir">A directory in the charm container; made if it does not exist.</param>
    public void PullPath(string source, string destinationDir)
    {
        var entry = Find(source) ?? throw new PebblePathException(source, ErrorKind.NotFound, $"stat {source}: no such file or directory");
        Directory.CreateDirectory(destinationDir);
        var target = System.IO.Path.Combine(destinationDir, entry.Name);
        if (entry.Kind != FileKind.Directory)
        {
            using var file = File.Create(target);
            Pebble.Pull(source, file);
            return;
        }

        Directory.CreateDirectory(target);
        foreach (var child in ListFiles(source).Where(c => c.Kind is FileKind.File or FileKind.Directory))
        {
            PullPath(child.Path, target);
        }
    }

    FileEntry? Find(string path)
    {
        try
        {
            return Pebble.ListFiles(path, null, itself: true) is [var entry, ..] ? entry : null;
        }
        catch (PebbleApiException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }
}
