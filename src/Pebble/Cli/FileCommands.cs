using System.Globalization;
using Pebble.Client;

namespace Pebble.Cli;

static class FileCommands
{
    static readonly Option[] Ownership =
    [
        Option.Text("m", "Override mode bits (3-digit octal)"),
        Option.Number("uid", "Use specified user ID"),
        Option.Text("user", "Use specified username"),
        Option.Number("gid", "Use specified group ID"),
        Option.Text("group", "Use specified group name"),
    ];

    public static IEnumerable<Command> All =>
    [
        new("push", "Transfer a file to the remote system", "The push command copies a local file to the remote system.", PushAsync)
        {
            Options = [Option.Flag("p", "Create parent directories for the file"), .. Ownership],
            Positionals = [new("<local-path>"), new("<remote-path>")],
        },
        new("pull", "Retrieve a file from the remote system", "The pull command copies a file from the remote system.", PullAsync)
        {
            Positionals = [new("<remote-path>"), new("<local-path>")],
        },
        new("ls", "List path contents", """
            The ls command lists the files at the given path. Its last element may be a glob
            pattern.
            """, ListAsync)
        {
            Options =
            [
                Option.AbsoluteTimes, Option.Format,
                Option.Flag("d", "List matching entries themselves, not directory contents"),
                Option.Flag("l", "Use a long listing format"),
            ],
            Positionals = [new("<path>")],
        },
        new("mkdir", "Create a directory", "The mkdir command creates the given directory.", MakeDirectoryAsync)
        {
            Options = [Option.Flag("p", "Create parent directories as needed, and don't fail if path already exists"), .. Ownership],
            Positionals = [new("<path>")],
        },
        new("rm", "Remove a file or directory", "The rm command removes a file or directory.", RemoveAsync)
        {
            Options = [Option.Flag("r", "Remove all files and directories recursively in the specified path")],
            Positionals = [new("<path>")],
        },
    ];

    static async Task<int> PushAsync(Invocation invocation, CancellationToken cancellation)
    {
        var local = invocation.Arguments[0];
        using var source = LocalFile.OpenToRead(local);
        if (Directory.Exists(local))
        {
            throw new CommandException($"cannot communicate with server: Post \"http://localhost/v1/files\": read {local}: is a directory");
        }

        var mode = Mode(invocation) ?? File.GetUnixFileMode(source.SafeFileHandle) & (UnixFileMode)0x1FF;
        await invocation.Client.PushAsync(invocation.Arguments[1], source, invocation.Has("p"), OwnershipOf(invocation, mode), cancellation);
        return 0;
    }

    static async Task<int> PullAsync(Invocation invocation, CancellationToken cancellation)
    {
        var local = invocation.Arguments[1];
        try
        {
            using var target = new FileStream(local, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await invocation.Client.PullAsync(invocation.Arguments[0], target, cancellation);
            return 0;
        }
        catch (PebbleException)
        {
            // What was written of it is of no use.
            File.Delete(local);
            throw;
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            throw new CommandException($"open {local}: no such file or directory");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(local) ? $"open {local}: is a directory" : $"open {local}: permission denied");
        }
    }

    static async Task<int> MakeDirectoryAsync(Invocation invocation, CancellationToken cancellation)
    {
        await invocation.Client.MakeDirectoryAsync(
            invocation.Arguments[0], invocation.Has("p"), OwnershipOf(invocation, Mode(invocation)), cancellation);
        return 0;
    }

    static async Task<int> RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        await invocation.Client.RemovePathAsync(invocation.Arguments[0], invocation.Has("r"), cancellation);
        return 0;
    }

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (path, pattern) = SplitPattern(invocation.Arguments[0]);
        var files = await invocation.Client.ListFilesAsync(path, pattern, invocation.Has("d"), cancellation);
        if (invocation.Format != "text")
        {
            new Document.Members(("files", new Document.Items([.. files.Select(Show)]))).Print(invocation.Format);
            return 0;
        }

        var table = new Table();
        foreach (var file in files)
        {
            if (invocation.Has("l"))
            {
                table.Row(ModeText(file), file.User ?? "", file.Group ?? "", SizeText(file.Size).PadLeft(6), invocation.Time(file.LastModified), file.Name);
            }
            else
            {
                table.Row(file.Name);
            }
        }

        Output.Write(table.ToString());
        return 0;
    }

    static UnixFileMode? Mode(Invocation invocation)
    {
        var text = invocation.Value("m");
        if (text.Length == 0)
        {
            return null;
        }

        return text.All(digit => digit is >= '0' and <= '7') && text.Length < 8
            ? (UnixFileMode)Convert.ToInt32(text, 8)
            : throw new CommandException($"invalid mode for directory: {Formats.GoQuote.Quote(text)}");
    }

    static FileOwnership OwnershipOf(Invocation invocation, UnixFileMode? mode) => new()
    {
        Permissions = mode,
        UserId = invocation.Number("uid"),
        User = invocation.Has("user") ? invocation.Value("user") : null,
        GroupId = invocation.Number("gid"),
        Group = invocation.Has("group") ? invocation.Value("group") : null,
    };

    static (string Path, string? Pattern) SplitPattern(string path)
    {
        const string PatternCharacters = "*?[";
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/') + 1;
        if (trimmed.AsSpan(0, slash).IndexOfAny(PatternCharacters) >= 0)
        {
            throw new CommandException("can only use globs on the last path element");
        }

        return trimmed.AsSpan(slash).IndexOfAny(PatternCharacters) >= 0 ? (trimmed[..slash], trimmed[slash..]) : (path, null);
    }

    static string ModeText(FileEntry file)
    {
        const string Letters = "rwxrwxrwx";
        var kind = file.Kind switch
        {
            FileKind.Directory => "d",
            FileKind.Symlink => "L",
            FileKind.Socket => "S",
            FileKind.NamedPipe => "p",
            FileKind.Device => "D",
            FileKind.Unknown => "?",
            _ => "-",
        };
        var mode = (int)file.Mode;
        return kind + string.Concat(Letters.Select((letter, at) => (mode & (1 << (8 - at))) != 0 ? letter : '-'));
    }

    /// <summary>Up to 5000 as they are; above, three digits and a unit in about five characters.</summary>
    static string SizeText(long? size)
    {
        if (size is not { } bytes)
        {
            return "-";
        }

        if (bytes <= 5000)
        {
            return $"{bytes}B";
        }

        var units = "kMGTPE";
        var value = bytes / 1000.0;
        var unit = 0;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var form = value < 9.995 ? "F2" : value < 99.95 ? "F1" : "F0";
        return value.ToString(form, CultureInfo.InvariantCulture) + units[unit] + "B";
    }

    static Document Show(FileEntry file) => new Document.Members(
        ("path", file.Path), ("name", file.Name), ("type", KindWord(file.Kind)),
        ("size", file.Size is { } size ? (Document)size : null),
        ("permissions", file.Permissions),
        ("last-modified", HumanTime.Format(file.LastModified, absolute: true, TimeProvider.System)),
        ("user-id", file.UserId is { } user ? (Document)user : null),
        ("user", string.IsNullOrEmpty(file.User) ? null : (Document)file.User),
        ("group-id", file.GroupId is { } group ? (Document)group : null),
        ("group", string.IsNullOrEmpty(file.Group) ? null : (Document)file.Group));

    static string KindWord(FileKind kind) => kind switch
    {
        FileKind.File => "file",
        FileKind.Directory => "directory",
        FileKind.Symlink => "symlink",
        FileKind.Socket => "socket",
        FileKind.NamedPipe => "named-pipe",
        FileKind.Device => "device",
        _ => "unknown",
    };
}
