using System.Net.Sockets;

namespace Pebble.Api;

/// <summary>Accepts connections on one listening socket until stopped.</summary>
sealed class HttpServer(Router router, Socket listener, Transport transport) : IDisposable
{
    const int Backlog = 511;

    readonly CancellationTokenSource stop = new();
    readonly HashSet<Task> connections = [];
    Task accepting = Task.CompletedTask;

    /// <summary>Makes an accepted socket into a connection; TLS is negotiated here.</summary>
    public Func<Socket, CancellationToken, ValueTask<HttpConnection>>? Wrap { get; init; }

    /// <summary>From now on clients can connect: not before the daemon can answer, or fails to.</summary>
    public void Start()
    {
        listener.Listen(Backlog);
        accepting = AcceptAsync();
    }

    /// <summary>No new connections; those there are get a moment to end, then are closed.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider clock)
    {
        listener.Dispose();
        await accepting;
        Task[] open;
        lock (connections)
        {
            open = [.. connections];
        }

        stop.CancelAfter(TimeSpan.FromMilliseconds(50));
        await Task.WhenAny(Task.WhenAll(open), Task.Delay(grace, clock));
    }

    public void Dispose()
    {
        listener.Dispose();
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(stop.Token);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                Logger.Notice($"Cannot accept a connection: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }

            var serving = ServeAsync(socket);
            if (!serving.IsCompleted)
            {
                Track(serving);
            }
        }
    }

    void Track(Task serving)
    {
        lock (connections)
        {
            connections.Add(serving);
        }

        serving.ContinueWith(Forget, TaskScheduler.Default);
    }

    void Forget(Task served)
    {
        lock (connections)
        {
            connections.Remove(served);
        }
    }

    async Task ServeAsync(Socket socket)
    {
        try
        {
            using var connection = Wrap is null ? Plain(socket) : await Wrap(socket, stop.Token);
            await connection.ServeAsync(stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
        }
#pragma warning disable CA1031 // The outermost turn of a connection: one broken request must not end the daemon.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Logger.Notice($"Internal error while serving a request: {e}");
            socket.Dispose();
        }
    }

    HttpConnection Plain(Socket socket) => new(router, socket, new NetworkStream(socket, ownsSocket: false), transport)
    {
        Peer = transport == Transport.UnixSocket ? UnixSocket.PeerOf(socket) : null,
    };
}
