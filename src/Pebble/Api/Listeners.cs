using System.Net;
using System.Net.Sockets;
using Pebble.Formats;

namespace Pebble.Api;

/// <summary>All that the daemon listens on: the Unix socket, and TCP and TLS addresses if asked for.</summary>
sealed class Listeners : IDisposable
{
    readonly List<HttpServer> servers = [];
    readonly string socketPath;
    bool isRemoved;

    Listeners(string socketPath)
    {
        this.socketPath = socketPath;
    }

    /// <exception cref="IOException">An address is in use or makes no sense.</exception>
    public static Listeners Open(Daemon daemon, Router router)
    {
        var listeners = new Listeners(daemon.Environment.SocketPath);
        listeners.servers.Add(new HttpServer(router, UnixSocket.Listen(daemon.Environment.SocketPath), Transport.UnixSocket));
        if (daemon.Options.HttpAddress is { } http)
        {
            listeners.servers.Add(new HttpServer(router, Listen(http, "cannot listen"), Transport.Http));
            Logger.Notice($"HTTP API server listening on {GoQuote.Quote(http)}.");
        }

        if (daemon.Options.HttpsAddress is { } https)
        {
            var tls = Tls.Open(daemon.Environment, router);
            listeners.servers.Add(new HttpServer(router, Listen(https, "cannot TLS listen"), Transport.Https) { Wrap = tls.AcceptAsync });
            Logger.Notice($"HTTPS API server listening on {GoQuote.Quote(https)}.");
        }

        return listeners;
    }

    public void Start() => servers.ForEach(each => each.Start());

    public async Task StopAsync(TimeSpan grace, TimeProvider clock)
    {
        await Task.WhenAll(servers.Select(each => each.StopAsync(grace, clock)));
        RemoveSocket();
    }

    public void Dispose()
    {
        servers.ForEach(each => each.Dispose());
        RemoveSocket();
    }

    /// <summary>Once only: later the path may be another daemon's.</summary>
    void RemoveSocket()
    {
        if (!isRemoved)
        {
            isRemoved = true;
            File.Delete(socketPath);
        }
    }

    /// <param name="address">Host and port; no host means every address.</param>
    /// <param name="refusal">Begins the error message.</param>
    static Socket Listen(string address, string refusal)
    {
        try
        {
            var colon = address.LastIndexOf(':');
            var host = colon < 0 ? "" : address[..colon].Trim('[', ']');
            var port = int.Parse(address[(colon + 1)..], null);
            var ip = host.Length == 0 ? IPAddress.IPv6Any : IPAddress.TryParse(host, out var parsed) ? parsed : Dns.GetHostAddresses(host)[0];
            var listener = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (host.Length == 0)
            {
                listener.DualMode = true;
            }

            listener.Bind(new IPEndPoint(ip, port));
            listener.Listen();
            return listener;
        }
        catch (Exception e) when (e is FormatException or SocketException or ArgumentException)
        {
            throw new IOException($"{refusal} on {GoQuote.Quote(address)}: {e.Message}", e);
        }
    }
}
