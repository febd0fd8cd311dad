using System.Runtime.InteropServices;

namespace Juju.Local.Cli.Output;

/// <summary>
/// Standard output or standard error, written to as it is. The framework's own console streams first put the terminal into
/// application mode, also when only another stream is a terminal, and leave it so: arrow keys then send other codes.
/// </summary>
sealed partial class StandardStream(int descriptor) : Stream
{
    const int Interrupted = 4, TryAgain = 11, BrokenPipe = 32;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A reader that has gone, such as <c>head</c>, is no error.</summary>
    /// <exception cref="IOException">The disk is full, or the descriptor is closed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var spin = new SpinWait();
        while (buffer.Length > 0)
        {
            var written = Write(descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    spin.SpinOnce();
                    break;
                case BrokenPipe:
                    return;
                case var error:
                    throw new IOException($"cannot write: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref readonly byte buffer, nint count);
}
