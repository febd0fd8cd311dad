using System.Net.Sockets;

namespace Pebble.Client;

/// <summary>
/// One connection to the daemon, with a read buffer for heads and lines. Small and our own, because the framework's
/// HTTP handler costs a short-lived program (a charm, a CLI command) more to start than all its requests together.
/// </summary>
sealed class UnixConnection : Stream
{
    readonly Socket socket;
    readonly byte[] buffer = new byte[16 * 1024];
    int start;
    int end;

    UnixConnection(Socket socket) => this.socket = socket;

    /// <summary>True if the daemon has closed it, or sent what nobody asked for, while it lay unused.</summary>
    public bool IsStale => start != end || socket.Poll(0, SelectMode.SelectRead);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static async Task<UnixConnection> OpenAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
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
            end = await socket.ReceiveAsync(buffer.AsMemory(), cancellation).ConfigureAwait(false);
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
            return await socket.ReceiveAsync(destination, cancellationToken).ConfigureAwait(false);
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
        while (source.Length > 0)
        {
            var sent = await socket.SendAsync(source, cancellationToken).ConfigureAwait(false);
            source = source[sent..];
        }
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
