using System.Buffers.Binary;

namespace Pebble.Client;

/// <summary>What a websocket message is.</summary>
enum FrameKind
{
    /// <summary>Commands, as JSON.</summary>
    Text = 1,

    /// <summary>Data.</summary>
    Binary = 2,

    /// <summary>The other side has closed, or is gone.</summary>
    Close = 8,
}

/// <summary>
/// The client's side of a websocket (RFC 6455) after its handshake. Small and our own, because the framework's draws the mask of each
/// frame from OpenSSL, whose loading costs a charm more than the command it runs. Masks protect proxies from scripts in browsers;
/// on a unix socket there is neither, so the mask is zero and the data goes as it is.
/// </summary>
sealed class FrameSocket(Stream stream) : IDisposable
{
    const int Final = 0x80;
    const int Masked = 0x80;
    const int Ping = 9;
    const int Pong = 10;

    readonly SemaphoreSlim sending = new(1);
    readonly byte[] head = new byte[14];
    FrameKind kind = FrameKind.Binary;
    long left;
    bool final = true;
    bool closed;

    public void Dispose()
    {
        stream.Dispose();
        sending.Dispose();
    }

    /// <summary>Sends a whole message.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, FrameKind kind, CancellationToken cancellation) => SendAsync(data, (int)kind, cancellation);

    /// <summary>Receives the next piece of a message. A count of 0 without an end is no end of data.</summary>
    /// <exception cref="EndOfStreamException">The connection broke within a frame.</exception>
    public async ValueTask<(FrameKind Kind, int Count, bool EndOfMessage)> ReceiveAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        if (left == 0 && (closed || !await ReadHeadAsync(cancellation).ConfigureAwait(false)))
        {
            closed = true;
            return (FrameKind.Close, 0, true);
        }

        var count = left == 0 ? 0 : await stream.ReadAsync(destination[..(int)Math.Min(left, destination.Length)], cancellation).ConfigureAwait(false);
        if (count == 0 && left > 0)
        {
            throw new EndOfStreamException("the connection ended within a websocket frame");
        }

        left -= count;
        return (kind, count, final && left == 0);
    }

    /// <summary>Reads heads up to that of a data frame.</summary>
    /// <returns>False if the other side has closed.</returns>
    async ValueTask<bool> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var first = await stream.ReadAsync(head.AsMemory(0, 1), cancellation).ConfigureAwait(false);
            if (first == 0)
            {
                return false;
            }

            await stream.ReadExactlyAsync(head.AsMemory(1, 1), cancellation).ConfigureAwait(false);
            var opcode = head[0] & 0x0f;
            var size = head[1] & 0x7f;
            var more = size switch { 126 => 2, 127 => 8, _ => 0 };
            await stream.ReadExactlyAsync(head.AsMemory(2, more), cancellation).ConfigureAwait(false);
            var length = size switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)),
                127 => BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(2)),
                _ => size,
            };
            if (opcode < (int)FrameKind.Close)
            {
                final = (head[0] & Final) != 0;

                // 0 continues the message before.
                kind = opcode == 0 ? kind : (FrameKind)opcode;
                left = length;
                return true;
            }

            // Control frames have at most 125 bytes.
            var control = new byte[length];
            await stream.ReadExactlyAsync(control, cancellation).ConfigureAwait(false);
            if (opcode == Ping)
            {
                await SendAsync(control, Pong, cancellation).ConfigureAwait(false);
            }
            else if (opcode == (int)FrameKind.Close)
            {
                return false;
            }
        }
    }

    async ValueTask SendAsync(ReadOnlyMemory<byte> data, int opcode, CancellationToken cancellation)
    {
        // Final bit and opcode, mask bit and length, and four bytes of a mask that changes nothing.
        var frame = new byte[14 + data.Length];
        frame[0] = (byte)(Final | opcode);
        var size = 2;
        if (data.Length < 126)
        {
            frame[1] = (byte)(Masked | data.Length);
        }
        else if (data.Length <= ushort.MaxValue)
        {
            frame[1] = Masked | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)data.Length);
            size = 4;
        }
        else
        {
            frame[1] = Masked | 127;
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), data.Length);
            size = 10;
        }

        size += 4;
        data.CopyTo(frame.AsMemory(size));
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(frame.AsMemory(0, size + data.Length), cancellation).ConfigureAwait(false);
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            sending.Release();
        }
    }
}
