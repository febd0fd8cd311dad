using System.Diagnostics;
using System.Runtime.InteropServices;
using Juju.Local.Api;

namespace Juju.Local.Cli.Containers;

/// <summary>Programs inside a unit's container, entered the way the controller says.</summary>
static partial class ContainerProcess
{
    /// <summary>The words that run a program in the container, in the directory that relative paths are below.</summary>
    public static List<string> Words(ContainerEntry entry, IEnumerable<string> program)
    {
        List<string> words = [.. entry.Prefix, "env", "-i"];
        words.AddRange(entry.Environment.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key}={item.Value}"));
        words.AddRange(["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", entry.Directory, .. program]);
        return words;
    }

    /// <summary>
    /// Becomes the program: terminal, standard streams, signals and exit code are its own. Returns only if that fails.
    /// </summary>
    /// <exception cref="CommandException">The first word is no program.</exception>
    public static void Become(IReadOnlyList<string> words)
    {
        // The runtime ignores broken pipes, and a program would inherit that.
        const int BrokenPipe = 13;
        Signal(BrokenPipe, 0);
        Execvp(words[0], [.. words, null]);
        throw new CommandException($"cannot start {words[0]}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Runs the program with the streams given, and returns its exit code and what it said on standard error.</summary>
    public static async Task<(int Code, string Error)> RunAsync(
        IReadOnlyList<string> words, Stream? input, Stream? output, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start) ?? throw new CommandException($"cannot start {words[0]}");
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output ?? Stream.Null, cancellation);
        try
        {
            if (input is not null)
            {
                await input.CopyToAsync(process.StandardInput.BaseStream, cancellation);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code says why.
        }

        await reading;
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await error);
    }

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execvp(string file, string?[] words);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);
}
