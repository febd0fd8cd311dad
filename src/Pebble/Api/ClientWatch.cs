using System.Net.Sockets;

namespace Pebble.Api;

/// <summary>Notices that the client has closed the connection while its request is still being answered.</summary>
/// <param name="socket">The connection.</param>
/// <param name="gone">Cancelled when the client has gone.</param>
/// <param name="canSee">False when the connection is encrypted, so that its end can't be seen from outside.</param>
sealed class ClientWatch(Socket socket, CancellationTokenSource gone, bool canSee) : IDisposable
{
    CancellationTokenSource? over;

    /// <summary>Call only when the request's body was read: what follows must be the next request, or the end.</summary>
    public void Start()
    {
        if (canSee && over is null)
        {
            over = new CancellationTokenSource();
            _ = WatchAsync(over.Token);
        }
    }

    public void Dispose()
    {
        over?.Cancel();
        over?.Dispose();
    }

    async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            if (await socket.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.Peek, cancellation) == 0)
            {
                await gone.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Answered in time.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (!cancellation.IsCancellationRequested)
            {
                await gone.CancelAsync();
            }
        }
    }
}
