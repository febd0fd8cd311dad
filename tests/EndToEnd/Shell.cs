using System.Diagnostics;
using System.Text;

namespace EndToEnd;

/// <summary>What a command printed and how it ended.</summary>
sealed record Outcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output of a command that has to succeed.</summary>
    public string Text => ExitCode == 0 ? Output : throw new InvalidOperationException($"exit code {ExitCode}\n{Output}\n{Errors}");
}

/// <summary>Runs programs as a user would, without a terminal.</summary>
static class Shell
{
    /// <summary>What a program has said may come after its end, on a busy machine.</summary>
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program to its end; ends it and its children when time is up or the test is cancelled.</summary>
    public static async Task<Outcome> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancellation, params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        // Not ReadToEnd: a daemon that a command leaves behind may hold its output open.
        var output = new StringBuilder();
        var errors = new StringBuilder();
        var ends = new CountdownEvent(2);
        process.OutputDataReceived += (_, line) => Append(output, line.Data, ends);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data, ends);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            while (!process.HasExited)
            {
                await Task.Delay(20, time.Token);
            }

            ends.Wait(LastWords);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} took more than {limit}\n{output}\n{errors}");
        }

        lock (output)
        {
            lock (errors)
            {
                return new Outcome(process.ExitCode, output.ToString(), errors.ToString());
            }
        }
    }

    static void Append(StringBuilder text, string? line, CountdownEvent ends)
    {
        if (line is null)
        {
            ends.Signal();
        }
        else
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
