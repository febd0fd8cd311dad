using System.Globalization;
using System.Net.Sockets;

namespace Servers;

/// <summary>A real Redis on a free loopback port. The shared one is started once per test program; a test that stops Redis starts its own.</summary>
public sealed class RedisServer : IDisposable
{
    static readonly Lazy<Task<RedisServer>> Shared = new(() => StartAsync(Programs.FreePort(), CancellationToken.None));
    static int _numbers;

    readonly OwnedProcess _process;

    RedisServer(OwnedProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public string Host { get; } = "127.0.0.1";

    public int Port { get; }

    /// <summary>The one server of this test program. Each class takes its own <see cref="NextDatabase"/>.</summary>
    public static Task<RedisServer> GetAsync() => Shared.Value;

    /// <summary>A database number that no other class of this program has, 0 to 999.</summary>
    public static int NextDatabase() => Interlocked.Increment(ref _numbers);

    /// <summary>A server of one's own, to stop and start again on the same port.</summary>
    public static async Task<RedisServer> StartAsync(int port, CancellationToken cancellation)
    {
        var program = Programs.Find("redis-server", "redis-server");
        var folder = Programs.NewFolder("redis");
        var process = OwnedProcess.Start(folder, "KILL",
        [
            program, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
            "--appendonly", "no", "--databases", "1000",
        ]);
        await Programs.UntilAsync(() => AnswersAsync(port, cancellation), process, cancellation);
        return new RedisServer(process, port);
    }

    public static int FreePort() => Programs.FreePort();

    public void Dispose() => _process.Dispose();

    static async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
