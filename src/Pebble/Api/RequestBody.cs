using System.Globalization;

namespace Pebble.Api;

/// <summary>The body of a request: as long as its head says, or in chunks.</summary>
sealed class RequestBody(HttpInput input, HttpHead head, Func<CancellationToken, ValueTask> sendContinue) : Stream
{
    long remaining = head.IsChunked ? 0 : head.ContentLength;
    bool ended = !head.IsChunked && head.ContentLength == 0;
    bool continueSent = !head.ExpectsContinue;
    bool inChunks;

    /// <summary>All of it was read.</summary>
    public bool Ended => ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken = default)
    {
        if (ended || into.IsEmpty)
        {
            return 0;
        }

        if (!continueSent)
        {
            continueSent = true;
            await sendContinue(cancellationToken);
        }

        if (head.IsChunked && remaining == 0 && !await NextChunkAsync(cancellationToken))
        {
            return 0;
        }

        var count = await input.ReadAsync(into[..(int)Math.Min(into.Length, remaining)], cancellationToken);
        if (count == 0)
        {
            throw new IOException("unexpected EOF");
        }

        remaining -= count;
        ended = remaining == 0 && !head.IsChunked;
        return count;
    }

    /// <summary>Reads what nobody wanted, so that the next request can follow; false if that is too much.</summary>
    public async ValueTask<bool> DrainAsync(CancellationToken cancellation)
    {
        const int MostBytes = 256 * 1024;
        if (ended)
        {
            return true;
        }

        if (!continueSent || remaining > MostBytes)
        {
            return false;
        }

        var rest = new byte[16 * 1024];
        for (var total = 0; total < MostBytes;)
        {
            var count = await ReadAsync(rest, cancellation);
            if (count == 0)
            {
                return true;
            }

            total += count;
        }

        return false;
    }

    async ValueTask<bool> NextChunkAsync(CancellationToken cancellation)
    {
        if (inChunks && await input.ReadLineAsync(cancellation) is not "")
        {
            throw new IOException("malformed chunked encoding");
        }

        inChunks = true;
        var line = await input.ReadLineAsync(cancellation) ?? throw new IOException("unexpected EOF");
        var size = line.AsSpan();
        var extension = size.IndexOf(';');
        size = (extension < 0 ? size : size[..extension]).Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out remaining) || remaining < 0)
        {
            throw new IOException("malformed chunked encoding");
        }

        if (remaining > 0)
        {
            return true;
        }

        while (await input.ReadLineAsync(cancellation) is { Length: > 0 })
        {
        }

        ended = true;
        return false;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
