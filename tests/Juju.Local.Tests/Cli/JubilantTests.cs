using System.Diagnostics;

namespace Juju.Local.Tests.Cli;

/// <summary>
/// The Python library jubilant, unmodified, against the command line. It is found where Python finds it; <c>PYTHONPATH</c>
/// may name a checkout.
/// </summary>
[Collection(nameof(LocalController))]
public sealed class JubilantTests(LocalController juju)
{
    const string Python = "/usr/bin/python3";

    [Fact]
    public async Task Jubilant_drives_it()
    {
        Assert.SkipUnless(File.Exists(Python), $"there is no {Python}");
        var found = await RunAsync("-c", "import jubilant");
        Assert.SkipUnless(found.Code == 0, "jubilant is not there; run: pip install jubilant, or name a checkout in PYTHONPATH");

        var driven = await RunAsync(
            Path.Combine(Repository.Root, "tests/Juju.Local.Tests/Cli/jubilant_drive.py"), LocalController.Program, juju.Charm);

        Assert.True(driven.Code == 0, driven.ToString());
    }

    async Task<Outcome> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Python, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUJU_LOCAL_HOME"] = juju.Home;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await error);
    }
}
