using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Forum.Tests.Container;

/// <summary>The program itself in a process of its own, as the container runs it.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;

    ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="like">Whose database and settings it uses.</param>
    /// <param name="verb">serve or exporter.</param>
    /// <param name="path">What answers 200 once it is ready.</param>
    public static async Task<ServerProcess> StartAsync(ForumApp like, string verb, string path)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "discourse"), [verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in like.Globals.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["UNICORN_PORT"] = start.Environment["DISCOURSE_EXPORTER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(ForumApp.Cancellation);
        var errors = process.StandardError.ReadToEndAsync(ForumApp.Cancellation);
        var server = new ServerProcess(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(path, ForumApp.Cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException) when (tries < 1200)
            {
                // Not yet.
            }

            Assert.False(process.HasExited, $"{verb} ended: {(process.HasExited ? await errors : "")}");
            await Task.Delay(50, ForumApp.Cancellation);
        }
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(ForumApp.Cancellation);
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync(ForumApp.Cancellation);

    public async Task<bool> RefusesConnectionsAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address.Host, Address.Port, ForumApp.Cancellation);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
