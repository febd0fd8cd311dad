using System.Net.Sockets;

namespace Pebble.Client;

/// <summary>
/// One connection to the daemon, with a read buffer for heads and lines. Small and our own, because the framework's
/// HTTP handler costs a short-lived program (a charm, a CLI command) more to start than all its requests together.
/// </summary>
sealed class UnixConnection : Stream
{
    // The daemon answers most requests within a millisecond. Waiting that long right here, before turning to the
    // asynchronous machinery, spares a short-lived program the machinery's start, which costs it more than the wait.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    // What fits the socket's buffer is sent without waiting.
    const int SmallBytes = 32 * 1024;

    readonly Socket socket;
    readonly byte[] buffer = new byte[16 * 1024];
    int start;
    int end;

    UnixConnection(Socket socket) => this.socket = socket;

    /// <summary>True if the daemon has closed it, or sent what nobody asked for, while it lay unused.</summary>
    public bool IsStale => start != end || socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects, which on a unix socket is done at once or fails.</summary>
    public static UnixConnection Open(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new UnixConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A line without its CRLF or LF; null at the end of the stream.</summary>
    /// <param name="limit">Longer than this many bytes is an error; null: any length.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<byte[]?> ReadLineAsync(int? limit, CancellationToken cancellation)
    {
        List<byte>? before = null;
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var part = buffer.AsSpan(start, at < 0 ? end - start : at);
            if (at >= 0)
            {
                start += at + 1;
                if (before is null)
                {
                    return [.. part.EndsWith("\r"u8) ? part[..^1] : part];
                }

                before.AddRange(part);
                return [.. before[^1] == (byte)'\r' ? before[..^1] : before];
            }

            if (part.Length > 0)
            {
                (before ??= []).AddRange(part);
                if (before.Count > limit)
                {
                    throw new PebbleProtocolException($"a line of the reply is longer than {limit} bytes");
                }
            }

            start = end = 0;
            end = await ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            if (end == 0)
            {
                return before is null ? null : [.. before];
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (start == end)
        {
            // A large read goes straight to where it is wanted.
            return await ReceiveAsync(destination, cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(destination.Length, end - start);
        buffer.AsMemory(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (source.Length <= SmallBytes && socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
        {
            socket.Send(source.Span);
            return;
        }

        while (source.Length > 0)
        {
            var sent = await socket.SendAsync(source, cancellationToken).ConfigureAwait(false);
            source = source[sent..];
        }
    }

    ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return socket.Poll(Patience, SelectMode.SelectRead)
            ? new(socket.Receive(destination.Span))
            : socket.ReceiveAsync(destination, cancellation);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
