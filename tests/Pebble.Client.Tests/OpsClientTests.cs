using System.Diagnostics;
using Pebble.Tests;

namespace Pebble.Client.Tests;

/// <summary>
/// The daemon, driven by the client of the Python library ops (canonical/operator), as any Python charm does. What is
/// driven and expected is in ops_client.py.
/// </summary>
public sealed class OpsClientTests
{
    [Fact]
    public async Task The_Python_ops_client_works_unchanged()
    {
        var import = await RunAsync(null, "-c", "import ops.pebble, websocket");
        Assert.SkipUnless(import.ExitCode == 0,
            $"the Python packages ops and websocket-client are not there (pip install ops, or PYTHONPATH): {import.Error.Trim().Split('\n')[^1]}");
        await using var daemon = await TestDaemon.StartNewAsync();

        var run = await RunAsync(daemon, Path.Combine(AppContext.BaseDirectory, "ops_client.py"), daemon.SocketPath, daemon.Folder);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.EndsWith("all is well\n", run.Output, StringComparison.Ordinal);
    }

    static async Task<CliResult> RunAsync(TestDaemon? daemon, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (daemon is not null)
        {
            start.Environment["PEBBLE"] = daemon.Folder;
        }

        try
        {
            using var python = Process.Start(start)!;
            var output = python.StandardOutput.ReadToEndAsync();
            var error = python.StandardError.ReadToEndAsync();
            await python.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(120));
            return new(python.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new(127, "", e.Message);
        }
    }
}
