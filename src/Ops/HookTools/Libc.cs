using System.Runtime.InteropServices;

namespace Ops.HookTools;

/// <summary>The calls of the C library that start a hook tool and hold its streams.</summary>
static unsafe partial class Libc
{
    public const int Interrupted = 4;

    const string Name = "libc.so.6";
    const int ReadOnly = 0;
    const int CloseOnExec = 0x80000;
    const uint MemoryFileCloseOnExec = 1;

    [LibraryImport(Name, EntryPoint = "posix_spawn")]
    public static partial int PosixSpawn(int* process, byte* path, byte* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int ActionsInit(byte* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int ActionsAddDup2(byte* actions, int from, int to);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int ActionsDestroy(byte* actions);

    [LibraryImport(Name, EntryPoint = "waitpid")]
    public static partial int WaitPid(int process, int* status, int options);

    [LibraryImport(Name, EntryPoint = "close")]
    public static partial int Close(int file);

    /// <summary>A file without a name, in memory, that children do not inherit unless they are given it.</summary>
    public static int MemoryFile()
    {
        fixed (byte* name = "hook-tool\0"u8)
        {
            return Check(MemfdCreate(name, MemoryFileCloseOnExec), "memfd_create");
        }
    }

    public static int OpenNull()
    {
        fixed (byte* path = "/dev/null\0"u8)
        {
            return Check(Open(path, ReadOnly | CloseOnExec), "open /dev/null");
        }
    }

    public static void WriteAll(int file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                done += Check((int)Write(file, start + done, bytes.Length - done), "write");
            }
        }
    }

    public static void Rewind(int file) => _ = Seek(file, 0, 0);

    /// <summary>The whole content, wherever the child that wrote it left the position.</summary>
    public static byte[] ReadAll(int file)
    {
        const int End = 2;
        var bytes = new byte[Math.Max(Seek(file, 0, End), 0)];
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                var count = Check((int)ReadAt(file, start + done, bytes.Length - done, done), "pread");
                if (count == 0)
                {
                    break;
                }

                done += count;
            }
        }

        return bytes;
    }

    static int Check(int result, string call) => result >= 0
        ? result
        : throw new ModelException($"cannot {call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}");

    [LibraryImport(Name, EntryPoint = "memfd_create")]
    private static partial int MemfdCreate(byte* name, uint flags);

    [LibraryImport(Name, EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport(Name, EntryPoint = "write")]
    private static partial nint Write(int file, byte* bytes, nint count);

    [LibraryImport(Name, EntryPoint = "pread")]
    private static partial nint ReadAt(int file, byte* bytes, nint count, nint position);

    [LibraryImport(Name, EntryPoint = "lseek")]
    private static partial nint Seek(int file, nint position, int from);
}
