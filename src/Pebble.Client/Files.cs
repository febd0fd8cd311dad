using System.Globalization;

namespace Pebble.Client;

/// <summary>What an entry of the file system is.</summary>
public enum FileKind
{
    /// <summary>Something else, or a word this client does not know.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A named pipe.</summary>
    NamedPipe,

    /// <summary>A device.</summary>
    Device,
}

/// <summary>A file or directory where the daemon runs.</summary>
public sealed record FileEntry
{
    /// <summary>The full path.</summary>
    public required string Path { get; init; }

    /// <summary>The last part of the path.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public FileKind Kind { get; init; }

    /// <summary>Bytes; null unless a regular file.</summary>
    public long? Size { get; init; }

    /// <summary>Three octal digits, such as "644".</summary>
    public required string Permissions { get; init; }

    /// <summary>When it was last changed, to the second.</summary>
    public DateTimeOffset LastModified { get; init; }

    /// <summary>The owner's id; null if unknown.</summary>
    public uint? UserId { get; init; }

    /// <summary>The owner's name; null or empty if it has none.</summary>
    public string? User { get; init; }

    /// <summary>The group's id; null if unknown.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The group's name; null or empty if it has none.</summary>
    public string? Group { get; init; }

    /// <summary><see cref="Permissions"/> as a mode.</summary>
    public UnixFileMode Mode => (UnixFileMode)Convert.ToInt32(Permissions, 8);
}

/// <summary>Mode and owner for what is made. Without a group the user's own group is used.</summary>
public sealed record FileOwnership
{
    /// <summary>Null: 0644 for a file, 0755 for a directory.</summary>
    public UnixFileMode? Permissions { get; init; }

    /// <summary>The owner's id; null: by name, or the daemon's own user.</summary>
    public uint? UserId { get; init; }

    /// <summary>The owner's name; null: by id, or the daemon's own user. Must agree with the id if both are given.</summary>
    public string? User { get; init; }

    /// <summary>The group's id; only together with a user.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The group's name; only together with a user.</summary>
    public string? Group { get; init; }

    internal string? Octal =>
        Permissions is { } mode ? Convert.ToString((int)mode, 8).PadLeft(3, '0') : null;
}

public sealed partial class PebbleClient
{
    static readonly FileOwnership NoOwnership = new();

    /// <summary>The entries of a directory by name, or a single file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="pattern">A glob for the names; null: all.</param>
    /// <param name="itself">True: the directory itself and not what is in it.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="PebbleApiException">404, kind not-found: there is no such path.</exception>
    public async Task<IReadOnlyList<FileEntry>> ListFilesAsync(
        string path, string? pattern, bool itself, CancellationToken cancellation)
    {
        var query = new Query().Add("action", "list").Add("path", path).AddIf("pattern", pattern).AddIf("itself", itself ? "true" : null);
        return await GetAsync("/v1/files" + query, DispatchWire.Files, cancellation).ConfigureAwait(false);
    }

    /// <summary>The entry of a path itself; null if there is none.</summary>
    public async Task<FileEntry?> FindFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await ListFilesAsync(path, null, itself: true, cancellation).ConfigureAwait(false) is [var entry, ..] ? entry : null;
        }
        catch (PebbleApiException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>True if the path exists.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellation) =>
        await FindFileAsync(path, cancellation).ConfigureAwait(false) is not null;

    /// <summary>Makes a directory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="makeParents">True: also the directories above it, and no error if it exists.</param>
    /// <param name="ownership">Mode and owner of each directory made; null: the defaults.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="PebblePathException">It can't be made.</exception>
    public async Task MakeDirectoryAsync(string path, bool makeParents, FileOwnership? ownership, CancellationToken cancellation)
    {
        var o = ownership ?? NoOwnership;
        var item = new MakeDirItem(path, makeParents, o.Octal, o.UserId, o.User, o.GroupId, o.Group);
        var result = await PostAsync(
            "/v1/files", new MakeDirsRequest("make-dirs", [item]), Wire.Default.MakeDirsRequest, Wire.Default.ReplyListPathResult, cancellation)
            .ConfigureAwait(false);
        ThrowIfFailed(result, path);
    }

    /// <summary>Removes a file or an empty directory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="recursive">True: also what is in it, and no error if there is nothing.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="PebblePathException">It can't be removed.</exception>
    public async Task RemovePathAsync(string path, bool recursive, CancellationToken cancellation)
    {
        var result = await PostAsync(
            "/v1/files", new RemoveRequest("remove", [new(path, recursive)]), Wire.Default.RemoveRequest, Wire.Default.ReplyListPathResult, cancellation)
            .ConfigureAwait(false);
        ThrowIfFailed(result, path);
    }

    static void ThrowIfFailed(List<PathResult> results, string path)
    {
        var own = results.Find(r => r.Path == path)
            ?? throw new PebbleProtocolException($"the reply says nothing of \"{path}\"");
        if (own.Error is { } error)
        {
            throw new PebblePathException(path, error.Kind ?? ErrorKind.GenericFileError, error.Message ?? "");
        }
    }

    static string NewBoundary() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    static string BoundaryOf(string contentType)
    {
        const string Name = "boundary=";
        var at = contentType.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (!contentType.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) || at < 0)
        {
            throw new PebbleProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"expected Content-Type \"multipart/form-data\", got \"{contentType}\""));
        }

        var value = contentType[(at + Name.Length)..];
        return value.StartsWith('"') ? value[1..].Split('"')[0] : value.Split(';')[0].Trim();
    }
}
