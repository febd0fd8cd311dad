namespace Ops;

/// <summary>A stream of a command, read and written by a handler, which is not async: each call waits for its end.</summary>
sealed class BlockingStream(Stream stream) : Stream
{
    public override bool CanRead => stream.CanRead;
    public override bool CanSeek => false;
    public override bool CanWrite => stream.CanWrite;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ClientPebble.Wait(stream.ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask());

    public override void Write(byte[] buffer, int offset, int count) =>
        ClientPebble.Wait(stream.WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask());

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ClientPebble.Wait(stream.DisposeAsync().AsTask());
        }

        base.Dispose(disposing);
    }
}
