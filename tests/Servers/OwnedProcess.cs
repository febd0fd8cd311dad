using System.Diagnostics;
using System.Globalization;

namespace Servers;

/// <summary>
/// A server program that lives no longer than this process: a shell watches a pipe that only we hold, and when it closes,
/// because we stopped, crashed or were killed, it ends the server and removes its folder.
/// </summary>
sealed class OwnedProcess : IDisposable
{
    const string Watch = """
        exec 2>/dev/null
        folder=$1; signal=$2; shift 2
        "$@" >"$folder/output" 2>&1 </dev/null &
        server=$!
        trap '' INT TERM HUP
        while read -r line; do :; done
        kill -s "$signal" "$server" 2>/dev/null
        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            kill -0 "$server" 2>/dev/null || break
            sleep 0.1
        done
        kill -s KILL "$server" 2>/dev/null
        wait "$server" 2>/dev/null
        rm -rf "$folder"
        """;

    readonly Process _watcher;

    OwnedProcess(Process watcher, string folder)
    {
        _watcher = watcher;
        Folder = folder;
        // A clean end waits for the server, so that nothing is left when the test program's caller looks.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public string Folder { get; }

    /// <summary>What the server wrote, for the message when it does not start.</summary>
    public string Output => File.Exists(Path.Combine(Folder, "output")) ? File.ReadAllText(Path.Combine(Folder, "output")) : "";

    public bool HasExited => _watcher.HasExited;

    /// <param name="folder">The server's own folder; removed when it ends.</param>
    /// <param name="signal">The signal that ends it at once and cleanly.</param>
    /// <param name="command">Program and arguments.</param>
    public static OwnedProcess Start(string folder, string signal, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        foreach (var argument in (IEnumerable<string>)["-c", Watch, "watch", folder, signal, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        return new OwnedProcess(Process.Start(start)!, folder);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public static void Run(IEnumerable<string> command)
    {
        string[] words = [.. command];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{string.Join(' ', words)} exited with code {process.ExitCode}: {output}{errors.Result}"));
        }
    }

    public void Dispose()
    {
        lock (_watcher)
        {
            if (!_watcher.HasExited)
            {
                _watcher.StandardInput.Close();
                _watcher.WaitForExit(TimeSpan.FromSeconds(10));
            }
        }
    }
}
