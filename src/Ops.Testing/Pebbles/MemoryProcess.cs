using Pebble.Client;

namespace Ops.Testing;

/// <summary>A command that has ended before it began: its answer stands in the state.</summary>
sealed class MemoryProcess(ExecOptions options, ExecResult result, Change change) : IPebbleProcess
{
    public (int ExitCode, string Output, string? ErrorOutput) WaitForEnd()
    {
        if (result.TimesOut)
        {
            throw new ChangeException(change.Err!, change);
        }

        return options.CombineStderr
            ? (result.ExitCode, result.Output + result.ErrorOutput, null)
            : (result.ExitCode, result.Output, result.ErrorOutput);
    }

    public void SendSignal(string signal)
    {
    }
}
