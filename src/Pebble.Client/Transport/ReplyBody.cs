using System.Globalization;
using System.Text;

namespace Pebble.Client;

/// <summary>The body of an answer: of a known length, in chunks, or up to the end of the connection.</summary>
sealed class ReplyBody(UnixConnection connection, long? length, bool chunked) : Stream
{
    // Bytes left of the body or of the current chunk; null: up to the end of the connection.
    long? left = chunked ? 0 : length;
    bool ended = !chunked && length == 0;
    bool firstChunk = true;

    public bool IsAtEnd => ended;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (ended || destination.IsEmpty)
        {
            return 0;
        }

        if (chunked && left == 0 && !await NextChunkAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        if (left < destination.Length)
        {
            destination = destination[..(int)left];
        }

        var count = await connection.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            ended = left is null;
            return ended ? 0 : throw new PebbleProtocolException("the connection closed in the middle of a reply");
        }

        left -= count;
        if (!chunked && left == 0)
        {
            ended = true;
        }

        return count;
    }

    /// <summary>All of it.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellation)
    {
        var bytes = new byte[length is > 0 and < 1 << 20 ? (int)length : 4096];
        var count = 0;
        while (!ended)
        {
            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }

            count += await ReadAsync(bytes.AsMemory(count), cancellation).ConfigureAwait(false);
        }

        return bytes.AsMemory(0, count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    async ValueTask<bool> NextChunkAsync(CancellationToken cancellation)
    {
        if (!firstChunk)
        {
            await connection.ReadLineAsync(UnixHttp.MaxHeadLine, cancellation).ConfigureAwait(false);
        }

        firstChunk = false;
        var line = await connection.ReadLineAsync(UnixHttp.MaxHeadLine, cancellation).ConfigureAwait(false)
            ?? throw new PebbleProtocolException("the connection closed in the middle of a reply");
        var size = Encoding.ASCII.GetString(line).Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) || count < 0)
        {
            throw new PebbleProtocolException($"invalid chunk size \"{size}\"");
        }

        left = count;
        if (count > 0)
        {
            return true;
        }

        while (await connection.ReadLineAsync(UnixHttp.MaxHeadLine, cancellation).ConfigureAwait(false) is { Length: > 0 })
        {
            // Trailers say nothing to us.
        }

        ended = true;
        return false;
    }
}
