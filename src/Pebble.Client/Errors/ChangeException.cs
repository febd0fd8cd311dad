using System.Globalization;
using System.Text;

namespace Pebble.Client;

/// <summary>A change ended in an error: a service did not start, a command could not be run.</summary>
/// <param name="error">The change's own error text.</param>
/// <param name="change">The change, with its tasks and their logs.</param>
public sealed class ChangeException(string error, Change change) : PebbleException(Describe(error, change))
{
    /// <summary>The change's own error text, without the logs that <see cref="Exception.Message"/> adds.</summary>
    public string Error { get; } = error;

    /// <summary>The change, with its tasks and their logs.</summary>
    public Change Change { get; } = change;

    // As ops does: the logs of the tasks hold the service's last lines, which is what one wants to read.
    static string Describe(string error, Change change)
    {
        var text = new StringBuilder(error);
        for (var i = 0; i < change.Tasks.Count; i++)
        {
            if (change.Tasks[i].Log.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n----- Logs from task {i} -----\n").AppendJoin('\n', change.Tasks[i].Log);
            }
        }

        return text.Length == error.Length ? error : text.Append("\n-----").ToString();
    }
}

/// <summary>A command ran and ended with a code other than 0.</summary>
/// <param name="command">The command and its arguments.</param>
/// <param name="exitCode">1–255; by a signal 128 + its number; -1 if it is not known.</param>
/// <param name="output">Standard output, if it was collected.</param>
/// <param name="errorOutput">Standard error, if it was collected apart.</param>
public sealed class ExecException(IReadOnlyList<string> command, int exitCode, string? output, string? errorOutput)
    : PebbleException(Describe(command, exitCode, output, errorOutput))
{
    const int MaxShown = 1024;

    /// <summary>The command and its arguments.</summary>
    public IReadOnlyList<string> Command { get; } = command;

    /// <summary>1–255; by a signal 128 + its number.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Standard output, whole; null if it was not collected.</summary>
    public string? Output { get; } = output;

    /// <summary>Standard error, whole; null if it was not collected or went with standard output.</summary>
    public string? ErrorOutput { get; } = errorOutput;

    static string Describe(IReadOnlyList<string> command, int exitCode, string? output, string? errorOutput)
    {
        var text = new StringBuilder(
            $"non-zero exit code {exitCode.ToString(CultureInfo.InvariantCulture)} executing [{string.Join(", ", command.Select(c => $"'{c}'"))}]");
        Append("stdout", output);
        Append("stderr", errorOutput);
        return text.ToString();

        void Append(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                text.Append(CultureInfo.InvariantCulture, $", {name}='{(value.Length > MaxShown ? value[..MaxShown] + " [truncated]" : value)}'");
            }
        }
    }
}
