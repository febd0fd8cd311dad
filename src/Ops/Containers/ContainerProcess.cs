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

    /// <summary>
    /// Its standard input, for a command that was started without one; disposing it is the end of input. A command whose streams are used is ended with
    /// <see cref="WaitForExitCode"/>, once they are read to their end: it may stop when nobody reads what it writes.
    /// </summary>
    public Stream Input => process.Input;

    /// <summary>Its standard output as it comes, and standard error if it was combined.</summary>
    public Stream Output => process.Output;

    /// <summary>Its standard error as it comes; null if it was combined.</summary>
    public Stream? ErrorOutput => process.ErrorOutput;

    /// <summary>Ends the input and waits for the command's end, whatever the exit code. For one whose streams were used.</summary>
    /// <returns>The exit code: 0–255, by a signal 128 + its number.</returns>
    /// <exception cref="ChangeException">It could not be run, or ran into its timeout.</exception>
    public int WaitForExitCode() => process.WaitForExitCode();

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The name with its SIG: SIGTERM.</param>
    public void SendSignal(string signal) => process.SendSignal(signal);
}
