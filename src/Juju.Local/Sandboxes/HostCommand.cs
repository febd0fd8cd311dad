using System.ComponentModel;
using System.Diagnostics;

namespace Juju.Local.Sandboxes;

/// <summary>A short command of this machine, such as <c>ip</c>.</summary>
static class HostCommand
{
    /// <returns>Its output.</returns>
    /// <exception cref="SandboxException">It could not run, or failed; the message has what it said.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, string? input, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancellation);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? await output
                : throw new SandboxException($"\"{string.Join(' ', command)}\" failed: {error.Trim()}");
        }
        catch (Win32Exception missing)
        {
            throw new SandboxException($"cannot run \"{command[0]}\": {missing.Message}");
        }
    }

    public static bool Exists(string program) =>
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>The machine did not give what a sandbox needs.</summary>
sealed class SandboxException(string message) : Exception(message);
