using System.Text;
using Pebble.Client;

namespace Ops.Testing;

/// <summary>A command that has ended before it began: its answer stands in the state.</summary>
/// <param name="options">How it was started.</param>
/// <param name="result">Its answer.</param>
/// <param name="change">Its change.</param>
/// <param name="written">Told what was written to its input, when that ends.</param>
sealed class MemoryProcess(ExecOptions options, ExecResult result, Change change, Action<string> written) : IPebbleProcess
{
    public Stream Input => field ??= new InputStream(written);

    public Stream Output => field ??= Read(options.CombineStderr ? result.Output + result.ErrorOutput : result.Output);

    public Stream? ErrorOutput => options.CombineStderr ? null : field ??= Read(result.ErrorOutput);

    public (int ExitCode, string Output, string? ErrorOutput) WaitForEnd()
    {
        var exitCode = WaitForExitCode();
        return options.CombineStderr
            ? (exitCode, result.Output + result.ErrorOutput, null)
            : (exitCode, result.Output, result.ErrorOutput);
    }

    public int WaitForExitCode() => result.TimesOut ? throw new ChangeException(change.Err!, change) : result.ExitCode;

    public void SendSignal(string signal)
    {
    }

    static MemoryStream Read(string text) => new(Encoding.UTF8.GetBytes(text), writable: false);

    sealed class InputStream(Action<string> written) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing && CanRead)
            {
                written(Encoding.UTF8.GetString(ToArray()));
            }

            base.Dispose(disposing);
        }
    }
}
