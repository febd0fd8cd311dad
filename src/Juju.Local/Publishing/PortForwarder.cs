using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Juju.Local.Publishing;

/// <summary>
/// The process behind a published port: takes connections and hands each to a unit, the next one every time. It is on its own, so
/// that a controller that dies does not take the port with it. The units are lines of a file, which the controller writes anew.
/// </summary>
sealed class PortForwarder(PublishedPort published, string targetsFile)
{
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    int turn;

    /// <summary>Says "ready" and its process id on standard output once it listens, else what is wrong.</summary>
    public static async Task<int> RunAsync(string port, string targetsFile)
    {
        var published = PublishedPort.Parse(port);
        using var socket = new Socket(IPAddress.Parse(published.Address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(published.Address), published.Port));
            socket.Listen(512);
        }
        catch (SocketException refused)
        {
            Console.WriteLine(refused.Message);
            return 1;
        }

        Console.WriteLine($"ready {Environment.ProcessId}");
        await new PortForwarder(published, targetsFile).ServeAsync(socket);
        return 0;
    }

    async Task ServeAsync(Socket listener)
    {
        while (true)
        {
            _ = ServeAsync(await listener.AcceptAsync(), CancellationToken.None);
        }
    }

    async Task ServeAsync(Socket client, CancellationToken cancellation)
    {
        using (client)
        {
            try
            {
                using var unit = await ConnectAsync(cancellation);
                if (unit is not null)
                {
                    client.NoDelay = unit.NoDelay = true;
                    if (published.TellsClient)
                    {
                        await unit.SendAsync(ProxyHeader(client), cancellation);
                    }

                    await Task.WhenAll(PumpAsync(client, unit, cancellation), PumpAsync(unit, client, cancellation));
                }
            }
            catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
            {
                // One of the two has gone; the other is told by the end of its connection.
            }
        }
    }

    // The next unit in turn that takes the connection.
    async Task<Socket?> ConnectAsync(CancellationToken cancellation)
    {
        var targets = await File.ReadAllLinesAsync(targetsFile, cancellation);
        var first = Interlocked.Increment(ref turn);
        for (var i = 0; i < targets.Length; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ConnectLimit);
            try
            {
                await socket.ConnectAsync(IPEndPoint.Parse(targets[(int)((uint)(first + i) % targets.Length)]), limit.Token);
                return socket;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }

    // Source: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, version 1.
    static byte[] ProxyHeader(Socket client)
    {
        var (from, to) = ((IPEndPoint)client.RemoteEndPoint!, (IPEndPoint)client.LocalEndPoint!);
        var family = from.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
        return Encoding.ASCII.GetBytes($"PROXY {family} {from.Address} {to.Address} {from.Port} {to.Port}\r\n");
    }

    // When one side has said all, the other is told so and may still answer.
    static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellation);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            to.Dispose();
            from.Dispose();
        }
    }
}
