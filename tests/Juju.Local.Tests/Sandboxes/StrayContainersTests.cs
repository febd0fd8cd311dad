using System.Diagnostics;
using Juju.Local.Sandboxes;

namespace Juju.Local.Tests.Sandboxes;

public sealed class StrayContainersTests
{
    [Theory]
    [InlineData("/none/units/1/scratch/web", true)]
    [InlineData("/none/units/1/scratch/", true)]
    [InlineData("/none/units/1/scratch/we", false)]
    [InlineData("/none/units/10/scratch/", false)]
    public async Task Those_of_the_folder_are_killed_and_no_other(string scratch, bool isKilled)
    {
        using var stray = Process.Start("/bin/sh", ["-c", "sleep 100; :", "/none/units/1/scratch/web/root"]);

        StrayContainers.Kill(scratch);

        if (!isKilled)
        {
            Assert.False(stray.HasExited);
            stray.Kill(entireProcessTree: true);
        }

        await stray.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
