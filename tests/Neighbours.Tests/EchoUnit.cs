using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Neighbours.Tests;

/// <summary>A unit's server that answers each request with its own name and the headers it got.</summary>
sealed class EchoUnit : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly string name;

    public EchoUnit(string name)
    {
        this.name = name;
        listener.Start();
        _ = ServeAsync();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended, or ends this unit.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var headers = new Dictionary<string, string>();
        await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        var body = JsonSerializer.Serialize(new { unit = name, headers });
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }

    public void Dispose() => listener.Dispose();
}

/// <summary>Ports of loopback.</summary>
static class Free
{
    public static int Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Until something listens there.</summary>
    public static async Task UntilOpenAsync(int port)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (tries < 500)
            {
                await Task.Delay(20);
            }
        }
    }
}
