using System.Runtime.InteropServices;

namespace Juju.Local.Sandboxes;

static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A process that is gone already is no error.</summary>
    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
