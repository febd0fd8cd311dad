using System.Globalization;
using System.Text;

namespace Pebble.Client;

/// <summary>A request body sent in chunks, one for each write.</summary>
sealed class ChunkedBody(UnixConnection connection) : Stream
{
    static readonly byte[] LineEnd = "\r\n"u8.ToArray();
    static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (source.IsEmpty)
        {
            return;
        }

        var head = Encoding.ASCII.GetBytes(source.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await connection.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        await connection.WriteAsync(source, cancellationToken).ConfigureAwait(false);
        await connection.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask FinishAsync(CancellationToken cancellation) => connection.WriteAsync(LastChunk, cancellation);

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
}
