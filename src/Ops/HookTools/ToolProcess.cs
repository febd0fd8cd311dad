using System.Runtime.InteropServices;
using System.Text;

namespace Ops.HookTools;

/// <summary>
/// A hook tool that runs. System.Diagnostics.Process costs a short program some ten milliseconds for its first child, and pipes need
/// threads to be read without deadlock; posix_spawn with its streams in memory files needs neither.
/// </summary>
sealed unsafe class ToolProcess
{
    readonly string tool;
    readonly int process;
    readonly int output;
    readonly int error;

    ToolProcess(string tool, int process, int output, int error)
    {
        this.tool = tool;
        this.process = process;
        this.output = output;
        this.error = error;
    }

    public static byte[] Bytes(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static ToolProcess Start(
        string tool, string path, string[] arguments, byte[][] environment, ReadOnlyMemory<byte> input)
    {
        var inputFile = input.IsEmpty ? Libc.OpenNull() : Libc.MemoryFile();
        var outputFile = Libc.MemoryFile();
        var errorFile = Libc.MemoryFile();
        try
        {
            if (!input.IsEmpty)
            {
                Libc.WriteAll(inputFile, input.Span);
                Libc.Rewind(inputFile);
            }

            var command = new byte[arguments.Length + 1][];
            command[0] = Bytes(tool);
            for (var i = 0; i < arguments.Length; i++)
            {
                command[i + 1] = Bytes(arguments[i]);
            }

            var code = Spawn(path, command, environment, inputFile, outputFile, errorFile, out var process);
            return code == 0
                ? new ToolProcess(tool, process, outputFile, errorFile)
                : throw new HookToolException(tool, 126, $"cannot start {path}: {Marshal.GetPInvokeErrorMessage(code)}");
        }
        catch (HookToolException)
        {
            _ = Libc.Close(outputFile);
            _ = Libc.Close(errorFile);
            throw;
        }
        finally
        {
            _ = Libc.Close(inputFile);
        }
    }

    public ToolResult Wait()
    {
        int status;
        while (Libc.WaitPid(process, &status, 0) < 0)
        {
            var code = Marshal.GetLastSystemError();
            if (code != Libc.Interrupted)
            {
                throw new HookToolException(tool, -1, $"cannot wait for it: {Marshal.GetPInvokeErrorMessage(code)}");
            }
        }

        try
        {
            // As a shell says it: the exit code, or 128 and the signal that ended it.
            var exitCode = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
            return new ToolResult(exitCode, Libc.ReadAll(output), Encoding.UTF8.GetString(Libc.ReadAll(error)).Trim());
        }
        finally
        {
            _ = Libc.Close(output);
            _ = Libc.Close(error);
        }
    }

    static int Spawn(string path, byte[][] command, byte[][] environment, int input, int output, int error, out int process)
    {
        // More than any C library's posix_spawn_file_actions_t takes (80 bytes in glibc).
        const int ActionsSize = 512;
        var actions = stackalloc byte[ActionsSize];
        var pathBytes = Bytes(path);
        List<GCHandle> pinned = [];
        try
        {
            var argv = Pin(command, pinned);
            var envp = Pin(environment, pinned);
            _ = Libc.ActionsInit(actions);
            _ = Libc.ActionsAddDup2(actions, input, 0);
            _ = Libc.ActionsAddDup2(actions, output, 1);
            _ = Libc.ActionsAddDup2(actions, error, 2);
            int id;
            int code;
            fixed (byte* file = pathBytes)
            fixed (nint* argvStart = argv)
            fixed (nint* envpStart = envp)
            {
                code = Libc.PosixSpawn(&id, file, actions, null, argvStart, envpStart);
            }

            _ = Libc.ActionsDestroy(actions);
            process = id;
            return code;
        }
        finally
        {
            foreach (var handle in pinned)
            {
                handle.Free();
            }
        }
    }

    static nint[] Pin(byte[][] texts, List<GCHandle> pinned)
    {
        var pointers = new nint[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++)
        {
            var handle = GCHandle.Alloc(texts[i], GCHandleType.Pinned);
            pinned.Add(handle);
            pointers[i] = handle.AddrOfPinnedObject();
        }

        return pointers;
    }
}
