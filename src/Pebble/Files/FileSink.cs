using Microsoft.Win32.SafeHandles;

namespace Pebble.Files;

/// <summary>Writes to a file on the calling thread: the framework's own stream would hop to another for each write.</summary>
sealed class FileSink(SafeFileHandle file, string path) : Stream
{
    long offset;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => offset;

    public override long Position { get => offset; set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            RandomAccess.Write(file, buffer.Span, offset);
        }
        catch (IOException e)
        {
            // A full disk, mostly.
            throw FileError.Generic($"write {path}: {e.Message}");
        }

        offset += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
