using System.Runtime.InteropServices;
using System.Text;
using Pebble.Accounts;

namespace Pebble.Processes;

/// <summary>Starts processes with posix_spawn: no copy of this process is made, and nothing of .NET runs in the child.</summary>
static unsafe class Spawner
{
    const short SetGroup = 0x02;
    const short SetDefaultSignals = 0x04;
    const short SetSignalMask = 0x08;
    const short SetSession = 0x80;

    // More than the C library's own sizes: 336, 80 and 128 bytes with glibc on 64 bits.
    const int AttributesSize = 512;
    const int ActionsSize = 256;
    const int SignalSetSize = 128;

    /// <returns>The id of the process, which the caller has to wait for.</returns>
    /// <exception cref="SpawnError">It could not be started.</exception>
    public static int Start(SpawnRequest request)
    {
        if (request.Identity is not { } identity || IsOwn(identity))
        {
            return StartHere(request);
        }

        // Credentials belong to threads in Linux: a thread gives up its own, starts the child, which inherits them, and ends.
        var process = 0;
        SpawnError? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    ThreadCredentials.Become(identity, request.Executable);
                    process = StartHere(request);
                }
                catch (SpawnError e)
                {
                    error = e;
                }
            },
            128 * 1024);
        thread.Start();
        thread.Join();
        return error is null ? process : throw error;
    }

    static bool IsOwn(Ownership identity) => (uint)identity.UserId == Libc.geteuid() && (uint)identity.GroupId == Libc.getegid();

    static int StartHere(SpawnRequest request)
    {
        var attributes = stackalloc byte[AttributesSize];
        var actions = stackalloc byte[ActionsSize];
        Must(Libc.posix_spawnattr_init(attributes));
        Must(Libc.posix_spawn_file_actions_init(actions));
        using var arguments = new NativeStrings(request.Arguments);
        using var environment = new NativeStrings(request.Environment.Select(each => $"{each.Key}={each.Value}"));
        using var path = new NativeStrings([request.Executable]);
        try
        {
            SetAttributes(attributes, request);
            SetActions(actions, request);
            int process;
            var error = Libc.posix_spawn(&process, path.Pointer[0], actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? process : throw new SpawnError($"fork/exec {request.Executable}: {Libc.ErrorText(error)}");
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    static void Must(int error)
    {
        if (error != 0)
        {
            throw new SpawnError(Libc.ErrorText(error));
        }
    }

    static void SetAttributes(byte* attributes, SpawnRequest request)
    {
        var signals = stackalloc byte[SignalSetSize];
        Must(Libc.sigfillset(signals));
        // .NET ignores SIGPIPE, and what is ignored is inherited.
        Must(Libc.posix_spawnattr_setsigdefault(attributes, signals));
        Must(Libc.sigemptyset(signals));
        Must(Libc.posix_spawnattr_setsigmask(attributes, signals));
        Must(Libc.posix_spawnattr_setflags(attributes, (short)(SetDefaultSignals | SetSignalMask | (request.NewSession ? SetSession : SetGroup))));
    }

    static void SetActions(byte* actions, SpawnRequest request)
    {
        if (request.WorkingFolder.Length > 0)
        {
            Must(Libc.posix_spawn_file_actions_addchdir_np(actions, request.WorkingFolder));
        }

        if (request.Input >= 0)
        {
            Must(Libc.posix_spawn_file_actions_adddup2(actions, request.Input, 0));
        }
        else
        {
            Must(Libc.posix_spawn_file_actions_addopen(actions, 0, request.Terminal ?? "/dev/null", request.Terminal is null ? Libc.ReadOnly : Libc.ReadWrite, 0));
        }

        Output(1, request.Output);
        Output(2, request.Error);

        void Output(int target, int descriptor)
        {
            if (descriptor >= 0)
            {
                Must(Libc.posix_spawn_file_actions_adddup2(actions, descriptor, target));
            }
            else if (request.Terminal is not null)
            {
                Must(Libc.posix_spawn_file_actions_adddup2(actions, 0, target));
            }
            else
            {
                Must(Libc.posix_spawn_file_actions_addopen(actions, target, "/dev/null", Libc.ReadWrite, 0));
            }
        }
    }
}

/// <summary>Strings as a null-terminated array of C strings, freed at the end.</summary>
sealed unsafe class NativeStrings : IDisposable
{
    readonly byte** pointer;

    public NativeStrings(IEnumerable<string> strings)
    {
        var bytes = strings.Select(Encoding.UTF8.GetBytes).ToArray();
        var arraySize = (nuint)((bytes.Length + 1) * sizeof(byte*));
        pointer = (byte**)NativeMemory.Alloc(arraySize + (nuint)bytes.Sum(each => each.Length + 1));
        var next = (byte*)pointer + arraySize;
        for (var index = 0; index < bytes.Length; index++)
        {
            pointer[index] = next;
            bytes[index].CopyTo(new Span<byte>(next, bytes[index].Length));
            next += bytes[index].Length;
            *next++ = 0;
        }

        pointer[bytes.Length] = null;
    }

    public byte** Pointer => pointer;

    public void Dispose() => NativeMemory.Free(pointer);
}
