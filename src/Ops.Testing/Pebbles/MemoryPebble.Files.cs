using System.IO.Enumeration;
using System.Text;
using Pebble.Client;

namespace Ops.Testing;

partial class MemoryPebble
{
    public IReadOnlyList<FileEntry> ListFiles(string path, string? pattern, bool itself)
    {
        Connect();
        path = Normal(path);
        var found = FindFile(path) ?? throw new PebbleApiException(404, "Not Found", $"stat {path}: no such file or directory", ErrorKind.NotFound);
        IEnumerable<string> paths = itself || found.Content is not null ? [path] : ChildrenOf(path);
        return
        [
            .. from name in paths
               where pattern is null || FileSystemName.MatchesSimpleExpression(pattern, NameOf(name), ignoreCase: false)
               select EntryOf(name, FindFile(name)!),
        ];
    }

    public void Pull(string path, Stream destination)
    {
        Connect();
        path = Normal(path);
        var file = FindFile(path) ?? throw new PebblePathException(path, ErrorKind.NotFound, $"open {path}: no such file or directory");
        if (file.Content is not { } content)
        {
            throw new PebblePathException(path, ErrorKind.GenericFileError, $"can only read a regular file: \"{path}\"");
        }

        destination.Write(Encoding.UTF8.GetBytes(content));
    }

    public void Push(string path, Stream source, bool makeDirs, FileOwnership? ownership)
    {
        Connect();
        path = Normal(path);
        if (ParentOf(path) is { } parent && FindFile(parent) is not { Content: null })
        {
            if (!makeDirs)
            {
                throw new PebblePathException(path, ErrorKind.NotFound, $"open {path}: no such file or directory");
            }

            MakeDir(parent, makeParents: true, null);
        }

        if (FindFile(path) is { Content: null })
        {
            throw new PebblePathException(path, ErrorKind.GenericFileError, $"rename {path}: file exists");
        }

        using var reader = new StreamReader(source, new UTF8Encoding(false), leaveOpen: true);
        files[path] = Owned(new FileState(reader.ReadToEnd()), ownership);
    }

    public void MakeDir(string path, bool makeParents, FileOwnership? ownership)
    {
        Connect();
        path = Normal(path);
        if (FindFile(path) is { } there)
        {
            if (makeParents && there.Content is null)
            {
                return;
            }

            throw new PebblePathException(path, ErrorKind.GenericFileError, $"mkdir {path}: file exists");
        }

        if (ParentOf(path) is { } parent && FindFile(parent) is null)
        {
            if (!makeParents)
            {
                throw new PebblePathException(path, ErrorKind.NotFound, $"mkdir {path}: no such file or directory");
            }

            MakeDir(parent, makeParents: true, ownership);
        }

        files[path] = Owned(FileState.Directory, ownership);
    }

    public void RemovePath(string path, bool recursive)
    {
        Connect();
        path = Normal(path);
        if (FindFile(path) is not { } there)
        {
            if (recursive)
            {
                return;
            }

            throw new PebblePathException(path, ErrorKind.NotFound, $"remove {path}: no such file or directory");
        }

        if (there.Content is null && !recursive && ChildrenOf(path).Count > 0)
        {
            throw new PebblePathException(path, ErrorKind.GenericFileError, $"remove {path}: directory not empty");
        }

        foreach (var gone in files.Keys.Where(f => f == path || f.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal)).ToList())
        {
            files.Remove(gone);
        }
    }

    static string Normal(string path) => !path.StartsWith('/')
        ? throw new PebbleApiException(400, "Bad Request", $"paths must be absolute, got \"{path}\"", ErrorKind.GenericFileError)
        : path.Length > 1 ? path.TrimEnd('/') : path;

    static string? ParentOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : null;

    static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    static FileState Owned(FileState file, FileOwnership? ownership) => file with
    {
        Mode = ownership?.Permissions ?? file.Mode,
        User = ownership?.User ?? file.User,
        Group = ownership?.Group ?? ownership?.User ?? file.Group,
    };

    static FileEntry EntryOf(string path, FileState file) => new()
    {
        Path = path,
        Name = path == "/" ? "/" : NameOf(path),
        Kind = file.Content is null ? FileKind.Directory : FileKind.File,
        Size = file.Content is { } content ? Encoding.UTF8.GetByteCount(content) : null,
        Permissions = Convert.ToString((int)file.Mode, 8).PadLeft(3, '0'),
        User = file.User,
        Group = file.Group,
    };

    /// <summary>The file or directory; a directory is also whatever is above a file.</summary>
    FileState? FindFile(string path)
    {
        if (files.TryGetValue(path, out var file))
        {
            return file;
        }

        return path == "/" || files.Keys.Any(f => f.StartsWith(path + "/", StringComparison.Ordinal)) ? FileState.Directory : null;
    }

    List<string> ChildrenOf(string path)
    {
        var prefix = path == "/" ? "/" : path + "/";
        return
        [
            .. files.Keys.Where(f => f.StartsWith(prefix, StringComparison.Ordinal) && f.Length > prefix.Length)
                .Select(f => prefix + f[prefix.Length..].Split('/')[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
