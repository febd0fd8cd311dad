using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Servers;

/// <summary>Where the server programs are, and what to say when one is missing.</summary>
static class Programs
{
    public static string Find(string name, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
                : []);
        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            return path;
        }

        var message = $"the program {name} is missing; get it with: apt-get install {package}";
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            throw new InvalidOperationException(message);
        }

        Assert.Skip(message);
        return "";
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string NewFolder(string name) => Directory.CreateTempSubdirectory($"test-{name}-").FullName;

    /// <summary>Asks until <paramref name="ready"/> says yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> ready, OwnedProcess process, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await ready())
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(deadline) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"a test server did not start: {process.Output}");
            }

            await Task.Delay(20, cancellation);
        }
    }
}
