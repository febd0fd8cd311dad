using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pebble.Formats;
using Pebble.Processes;

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
        listeners.servers.Add(new HttpServer(router, UnixSocket.Bind(daemon.Environment.SocketPath), Transport.UnixSocket));
        if (daemon.Options.HttpAddress is { } http)
        {
            listeners.servers.Add(new HttpServer(router, Bind(http, "cannot listen"), Transport.Http));
            Logger.Notice($"HTTP API server listening on {GoQuote.Quote(http)}.");
        }

        if (daemon.Options.HttpsAddress is { } https)
        {
            var tls = Tls.Open(daemon.Environment, router);
            listeners.servers.Add(new HttpServer(router, Bind(https, "cannot TLS listen"), Transport.Https) { Wrap = tls.AcceptAsync });
            Logger.Notice($"HTTPS API server listening on {GoQuote.Quote(https)}.");
        }

        return listeners;
    }

    /// <summary>The Unix socket last: who is answered there may count on the others.</summary>
    public void Start()
    {
        foreach (var server in Enumerable.Reverse(servers))
        {
            server.Start();
        }
    }

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
    static Socket Bind(string address, string refusal)
    {
        try
        {
            var colon = address.LastIndexOf(':');
            if (colon < 0)
            {
                throw new FormatException($"address {address}: missing port in address");
            }

            var host = address[..colon].Trim('[', ']');
            var portText = address[(colon + 1)..];
            if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                throw new FormatException($"address tcp/{portText}: unknown port");
            }

            if (port > IPEndPoint.MaxPort)
            {
                throw new FormatException($"address {portText}: invalid port");
            }

            var ip = host.Length == 0 ? IPAddress.IPv6Any : IPAddress.TryParse(host, out var parsed) ? parsed : Dns.GetHostAddresses(host)[0];
            var listener = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (host.Length == 0)
            {
                listener.DualMode = true;
            }

            listener.Bind(new IPEndPoint(ip, port));
            return listener;
        }
        catch (FormatException e)
        {
            throw new IOException($"{refusal} on {GoQuote.Quote(address)}: listen tcp: {e.Message}", e);
        }
        catch (SocketException e)
        {
            var cause = e.SocketErrorCode == SocketError.HostNotFound
                ? $": lookup {address[..address.LastIndexOf(':')]}: no such host"
                : $" {address}: bind: {Libc.ErrorText(e.NativeErrorCode)}";
            throw new IOException($"{refusal} on {GoQuote.Quote(address)}: listen tcp{cause}", e);
        }
    }
}
