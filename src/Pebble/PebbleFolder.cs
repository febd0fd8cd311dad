using Pebble.Formats;

namespace Pebble;

/// <summary>$PEBBLE, as it has to be before the daemon starts.</summary>
static class PebbleFolder
{
    const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="IOException">It cannot be used.</exception>
    public static void Prepare(DaemonEnvironment environment, bool create)
    {
        var folder = environment.Folder;
        if (create)
        {
            Directory.CreateDirectory(folder, OnlyOwner);
        }

        if (environment.CopyOnce is { } source && Directory.Exists(source) && (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            Copy(source, folder);
        }

        if (!Path.IsPathRooted(folder))
        {
            throw new IOException($"directory {GoQuote.Quote(folder)} must be absolute");
        }

        if (!Directory.Exists(folder))
        {
            throw new IOException($"directory {GoQuote.Quote(folder)} does not exist");
        }

        if (Processes.Libc.access(folder, 2) != 0)
        {
            throw new IOException($"directory {GoQuote.Quote(folder)} not writable");
        }
    }

    static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target, OnlyOwner);
        foreach (var folder in Directory.GetDirectories(source))
        {
            Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
