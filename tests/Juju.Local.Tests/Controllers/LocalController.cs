using System.Globalization;
using System.Text;
using Juju.Local.Api;

namespace Juju.Local.Tests.Controllers;

/// <summary>
/// A real controller in a temporary home, with real sandboxes. At the end everything is destroyed, and nothing may be left:
/// no process, no network, no mount, no file.
/// </summary>
public sealed class LocalController : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string folder = Directory.CreateTempSubdirectory("jl-test-").FullName;
    ControllerClient? client;
    int models;

    internal ControllerHome Home => new(Path.Combine(folder, "home"));

    internal ControllerClient Client => client!;

    internal ControllerDetails Details { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("JUJU_LOCAL_PEBBLE", Path.Combine(Root(), "out/bin/pebble"));
        await ConnectAsync();
    }

    internal async Task ConnectAsync()
    {
        client?.Dispose();
        client = await ControllerClient.ConnectAsync(Home, CancellationToken.None);
        Details = await client.ControllerAsync(CancellationToken.None);
    }

    internal async Task<TestModel> AddModelAsync()
    {
        var name = $"m{Interlocked.Increment(ref models)}";
        await Client.AddModelAsync(new AddModelRequest(name), CancellationToken.None);
        return new TestModel(this, name, Path.Combine(folder, "charms", name));
    }

    public async ValueTask DisposeAsync()
    {
        await ConnectAsync();
        await Client.KillControllerAsync(CancellationToken.None);
        client!.Dispose();
        var end = DateTime.UtcNow + Patience;
        while (Leftovers() is { Count: > 0 } left)
        {
            Assert.True(DateTime.UtcNow < end, "left behind: " + string.Join("; ", left));
            await Task.Delay(20);
        }

        Directory.Delete(folder, recursive: true);
    }

    List<string> Leftovers()
    {
        var mark = Encoding.UTF8.GetBytes(folder);
        var left = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId
                && (Read(process + "/cmdline").AsSpan().IndexOf(mark) >= 0 || Read(process + "/environ").AsSpan().IndexOf(mark) >= 0 || Read(process + "/mountinfo").AsSpan().IndexOf(mark) >= 0))
            {
                left.Add($"process {id} {Encoding.UTF8.GetString(Read(process + "/cmdline")).Replace('\0', ' ')}");
            }
        }

        var network = Details.Uuid[..6];
        left.AddRange(Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", $"jl-{network}-*") : []);
        left.AddRange(Directory.GetDirectories("/sys/class/net", $"jl*{network}*"));
        left.AddRange(File.ReadLines("/proc/self/mounts").Where(line => line.Contains(folder, StringComparison.Ordinal)));
        left.AddRange(Tables().Where(line => line.Contains($"juju-local-{network}", StringComparison.Ordinal)));
        left.AddRange(Directory.Exists(Home.Path) ? [Home.Path] : []);
        return left;
    }

    // Rules of address translation, on machines that can.
    static string[] Tables()
    {
        if (!File.Exists("/usr/sbin/nft"))
        {
            return [];
        }

        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/sbin/nft", ["list", "tables"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Split('\n');
    }

    static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "CharmedDiscourse.slnx")))
        {
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("the tests are not in the repository");
        }

        return at;
    }
}
