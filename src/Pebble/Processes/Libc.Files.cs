using System.Runtime.InteropServices;

namespace Pebble.Processes;

static unsafe partial class Libc
{
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Directory = 0x10000;

    public const int AccessDenied = 13;
    public const int FileExists = 17;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;

    public const int CurrentFolder = -100;
    public const int NoFollow = 0x100;
    public const uint BasicStats = 0x7ff;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int folder, string path, int flags, uint mask, FileStatus* into);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chown(string path, int user, int group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int descriptor, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(int descriptor, int user, int group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rmdir(string path);
}

/// <summary>struct statx, which is laid out alike on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
struct FileStatus
{
    const int KindMask = 0xF000;

    [FieldOffset(20)]
    public uint UserId;

    [FieldOffset(24)]
    public uint GroupId;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    public readonly bool IsRegular => (Mode & KindMask) == 0x8000;

    public readonly bool IsDirectory => (Mode & KindMask) == 0x4000;

    /// <summary>The word of the API for what it is.</summary>
    public readonly string Kind => (Mode & KindMask) switch
    {
        0x8000 => "file",
        0x4000 => "directory",
        0xA000 => "symlink",
        0xC000 => "socket",
        0x1000 => "named-pipe",
        0x2000 or 0x6000 => "device",
        _ => "unknown",
    };
}
