using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pebble.Accounts;
using Pebble.Processes;

namespace Pebble.Files;

/// <summary>The file system calls, each failing with a <see cref="FileError"/> that names operation and path.</summary>
static unsafe class FileSystem
{
    const uint DefaultCreateMode = 0x180;

    /// <summary>What a path leads to, links followed.</summary>
    public static FileStatus Stat(string path) => Stat("stat", path, 0);

    /// <summary>What a path is, links not followed.</summary>
    public static FileStatus LinkStat(string path) => Stat("lstat", path, Libc.NoFollow);

    public static FileStatus? TryStat(string path)
    {
        FileStatus status;
        return Libc.statx(Libc.CurrentFolder, path, 0, Libc.BasicStats, &status) == 0 ? status : null;
    }

    public static SafeFileHandle OpenToRead(string path) => Open(path, Libc.ReadOnly, 0);

    /// <summary>A new file beside <paramref name="path"/> with a name of its own.</summary>
    public static (SafeFileHandle Handle, string Path) CreateBeside(string path)
    {
        while (true)
        {
            var name = $"{path}.{Random.Shared.Next()}~";
            try
            {
                return (Open(name, Libc.ReadWrite | Libc.Create | Libc.Exclusive, DefaultCreateMode), name);
            }
            catch (FileError) when (Marshal.GetLastPInvokeError() == Libc.FileExists)
            {
                // Another writer has just taken this name.
            }
        }
    }

    public static void MakeDirectory(string path, uint mode) => Check(Libc.mkdir(path, mode), "mkdir", path);

    public static void ChangeMode(string path, uint mode) => Check(Libc.chmod(path, mode), "chmod", path);

    public static void ChangeMode(SafeFileHandle file, string path, uint mode) => Check(Libc.fchmod(Number(file), mode), "chmod", path);

    public static void ChangeOwner(string path, Ownership owner) => Check(Libc.chown(path, owner.UserId, owner.GroupId), "chown", path);

    public static void ChangeOwner(SafeFileHandle file, string path, Ownership owner) =>
        Check(Libc.fchown(Number(file), owner.UserId, owner.GroupId), "chown", path);

    public static void Rename(string from, string to)
    {
        if (Libc.rename(from, to) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw FileError.Of("rename", $"{from} {to}", error == Libc.IsADirectory ? Libc.FileExists : error);
        }
    }

    public static void Sync(SafeFileHandle file, string path) => Check(Libc.fsync(Number(file)), "sync", path);

    public static void SyncDirectory(string path)
    {
        using var folder = OpenToRead(path);
        Sync(folder, path);
    }

    /// <summary>A file or an empty directory.</summary>
    public static void Remove(string path)
    {
        if (Libc.unlink(path) == 0)
        {
            return;
        }

        var unlinkError = Marshal.GetLastPInvokeError();
        if (Libc.rmdir(path) == 0)
        {
            return;
        }

        // Which of the two says what is wrong: rmdir says "not a directory" of a file that can't be unlinked.
        var error = Marshal.GetLastPInvokeError();
        throw FileError.Of("remove", path, error == Libc.NotADirectory ? unlinkError : error);
    }

    /// <summary>A path with all that is below it; nothing there is fine. Links are removed, not followed.</summary>
    public static void RemoveAll(string path)
    {
        FileStatus status;
        if (Libc.statx(Libc.CurrentFolder, path, Libc.NoFollow, Libc.BasicStats, &status) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is Libc.NoSuchFile)
            {
                return;
            }

            throw FileError.Of("unlinkat", path, error);
        }

        if (!status.IsDirectory)
        {
            CheckGone(Libc.unlink(path), path);
            return;
        }

        foreach (var name in Names(path))
        {
            RemoveAll(path.EndsWith('/') ? path + name : $"{path}/{name}");
        }

        CheckGone(Libc.rmdir(path), path);
    }

    /// <summary>What is in a directory, sorted by bytes.</summary>
    public static IReadOnlyList<string> Names(string path)
    {
        // Opened first for the error of the system: the framework has other words.
        using (Open(path, Libc.ReadOnly | Libc.Directory, 0))
        {
        }

        var options = new EnumerationOptions { AttributesToSkip = 0, ReturnSpecialDirectories = false };
        string[] names = [.. Directory.EnumerateFileSystemEntries(path, "*", options).Select(each => each[(each.LastIndexOf('/') + 1)..])];
        Array.Sort(names, string.CompareOrdinal);
        return names;
    }

    static FileStatus Stat(string operation, string path, int flags)
    {
        FileStatus status;
        Check(Libc.statx(Libc.CurrentFolder, path, flags, Libc.BasicStats, &status), operation, path);
        return status;
    }

    static SafeFileHandle Open(string path, int flags, uint mode)
    {
        var descriptor = Libc.open(path, flags | Libc.CloseOnExec, (int)mode);
        Check(descriptor, "open", path);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();

    static void Check(int result, string operation, string path)
    {
        if (result < 0)
        {
            throw FileError.Of(operation, path, Marshal.GetLastPInvokeError());
        }
    }

    static void CheckGone(int result, string path)
    {
        if (result != 0 && Marshal.GetLastPInvokeError() is not Libc.NoSuchFile and var error)
        {
            throw FileError.Of("unlinkat", path, error);
        }
    }
}
