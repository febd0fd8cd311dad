using System.Diagnostics;
using Ops.Tests.Containers;
using Pebble.Client;

[assembly: AssemblyFixture(typeof(RealPebble))]

namespace Ops.Tests.Containers;

/// <summary>A Pebble daemon in a temporary folder, one for all tests.</summary>
public sealed class RealPebble : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("pebble-").FullName;
    Process? process;

    public string SocketPath => Path.Combine(folder, ".pebble.socket");

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "../../Pebble/release/pebble"), ["run", "--create-dirs"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PEBBLE"] = folder;
        start.Environment["PEBBLE_SOCKET"] = SocketPath;
        process = Process.Start(start)!;
        var lines = new List<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) => lines.Add(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new PebbleClient(SocketPath);
        while (!await AnswersAsync(client, deadline.Token))
        {
            Assert.False(process.HasExited, $"pebble ended: {string.Join('\n', lines)}");
            await Task.Delay(20, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    internal ClientPebble Connect() => new(new PebbleClient(SocketPath));

    static async Task<bool> AnswersAsync(PebbleClient client, CancellationToken cancellation)
    {
        try
        {
            await client.GetSystemInfoAsync(cancellation);
            return true;
        }
        catch (PebbleConnectionException)
        {
            return false;
        }
    }
}
