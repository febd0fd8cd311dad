using System.Diagnostics;
using System.Text;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Hooks;

/// <summary>How a turn's program ended, with what it printed.</summary>
sealed record HookOutcome(int ExitCode, byte[] Output, byte[] Error, bool TimedOut = false)
{
    /// <summary>SIGTERM or SIGKILL from outside: the pod went down, which is no failure of the charm.</summary>
    public bool WasKilled => ExitCode is 137 or 143;
}

/// <summary>The program of one turn, in the unit's charm container. Its lines go to the model's log while it runs.</summary>
sealed class HookProcess(Model model, IReadOnlyList<string> enter, TimeProvider clock)
{
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>The charm's handler: <c>dispatch</c>, else the hook's own file; null if it has none.</summary>
    public static string? FindHandler(string charmFolder, HookRun turn)
    {
        var own = $"{(turn.Kind == HookKind.Action ? "actions" : "hooks")}/{turn.Name}";
        return new[] { "dispatch", own }.FirstOrDefault(file => IsProgram(Path.Combine(charmFolder, file)));
    }

    static bool IsProgram(string file) => File.Exists(file) && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    /// <param name="command">In the container, run in the charm's folder.</param>
    /// <param name="timeout">After it the program is killed; null: none.</param>
    public async Task<HookOutcome> RunAsync(
        HookContext context, IReadOnlyList<string> command, TimeSpan? timeout, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(enter[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var word in (string[])[.. enter.Skip(1), "env", "-C", HookEnvironment.CharmFolder(context.Unit), .. command])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in HookEnvironment.Of(context))
        {
            start.Environment[name] = value;
        }

        var isKept = context.Turn.Kind is HookKind.Action or HookKind.Command;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = ReadAsync(context, process.StandardOutput.BaseStream, "DEBUG", isKept, cancellation);
        var error = ReadAsync(context, process.StandardError.BaseStream, "WARNING", isKept, cancellation);
        var timedOut = !await WaitAsync(process, timeout, cancellation);
        if (timedOut)
        {
            StrayProcesses.Kill(context.Id);
            await process.WaitForExitAsync(cancellation);
        }

        // A program left in the background may hold the output open for ever.
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(Drain, clock, cancellation));
        return new HookOutcome(process.ExitCode, Result(output), Result(error), timedOut);
    }

    static byte[] Result(Task<byte[]> reading) => reading.IsCompletedSuccessfully ? reading.Result : [];

    async Task<bool> WaitAsync(Process process, TimeSpan? timeout, CancellationToken cancellation)
    {
        var exit = process.WaitForExitAsync(cancellation);
        if (timeout is { } limit)
        {
            await Task.WhenAny(exit, Task.Delay(limit, clock, cancellation));
            return exit.IsCompleted;
        }

        await exit;
        return true;
    }

    async Task<byte[]> ReadAsync(HookContext context, Stream stream, string level, bool isKept, CancellationToken cancellation)
    {
        var entity = UnitRecord.TagOf(context.Unit);
        var module = $"unit.{context.Unit}.{(context.Turn.Kind == HookKind.Command ? "juju-exec" : context.Turn.Name)}";
        using var all = new MemoryStream();
        using var line = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                if (isKept)
                {
                    all.Write(buffer, 0, count);
                }

                foreach (var letter in buffer.AsSpan(0, count))
                {
                    if (letter == '\n')
                    {
                        Flush();
                    }
                    else
                    {
                        line.WriteByte(letter);
                    }
                }
            }
        }
        catch (IOException)
        {
            // The program is gone; what it said so far counts.
        }

        Flush();
        return all.ToArray();

        void Flush()
        {
            if (line.Length > 0)
            {
                model.Log.Add(entity, level, module, Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
                line.SetLength(0);
            }
        }
    }
}
