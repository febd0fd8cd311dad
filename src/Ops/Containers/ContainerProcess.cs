using Pebble.Client;

namespace Ops;

/// <summary>A command that runs in a container.</summary>
/// <remarks>Source: ops.pebble.ExecProcess.</remarks>
public sealed class ContainerProcess
{
    readonly IReadOnlyList<string> command;
    readonly IPebbleProcess process;

    internal ContainerProcess(IReadOnlyList<string> command, IPebbleProcess process)
    {
        this.command = command;
        this.process = process;
    }

    /// <summary>Waits for its end, which must be a success.</summary>
    /// <returns>Standard output and standard error; the latter null if it was combined.</returns>
    /// <exception cref="ExecException">It ended with another code than 0; the output is in it.</exception>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public (string Output, string? ErrorOutput) WaitOutput()
    {
        var (code, output, error) = process.WaitForEnd();
        return code == 0 ? (output, error) : throw new ExecException(command, code, output, error);
    }

    /// <summary>Waits for its end, which must be a success.</summary>
    /// <exception cref="ExecException">It ended with another code than 0; the output is in it.</exception>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public void Wait() => WaitOutput();

    /// <summary>Waits for its end, whatever the exit code.</summary>
    /// <returns>Exit code, standard output and standard error; the latter null if it was combined.</returns>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public (int ExitCode, string Output, string? ErrorOutput) WaitForEnd() => process.WaitForEnd();

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The name with its SIG: SIGTERM.</param>
    public void SendSignal(string signal) => process.SendSignal(signal);
}
