using System.Globalization;
using System.Text;

namespace Pebble.Api;

/// <summary>
/// A body that is sent as it is written, in chunks. The head leaves with the first write (or flush), so a handler may
/// still change <see cref="ContentType"/> before.
/// </summary>
sealed class ReplyBody(Stream stream, HttpOutput output, int status, string contentType, bool isHttp11) : Stream
{
    bool headSent;
    bool chunkOpen;

    public string ContentType { get; set; } = contentType;

    public bool HeadSent => headSent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        const int Small = 16 * 1024;
        Begin(buffer.Length);
        if (buffer.Length <= Small)
        {
            output.Append(buffer.Span);
            await SendAsync(cancellationToken);
            return;
        }

        await SendAsync(cancellationToken);
        await stream.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>Sends the head if nothing was written yet.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!headSent)
        {
            SendHead();
            await SendAsync(cancellationToken);
        }
    }

    /// <summary>Ends the body. Called by the connection when the handler is done.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        SendHead();
        if (isHttp11)
        {
            output.Append(chunkOpen ? "\r\n0\r\n\r\n"u8 : "0\r\n\r\n"u8);
        }

        await SendAsync(cancellation);
    }

    void Begin(int length)
    {
        SendHead();
        if (isHttp11)
        {
            output.Append(Encoding.ASCII.GetBytes((chunkOpen ? "\r\n" : "") + length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            chunkOpen = true;
        }
    }

    void SendHead()
    {
        if (!headSent)
        {
            headSent = true;
            output.AppendHead(status, ContentType, length: null, close: !isHttp11);
        }
    }

    ValueTask SendAsync(CancellationToken cancellation) => output.SendAsync(stream, cancellation);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
