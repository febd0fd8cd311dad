
namespace Pebble.Client;

/// <summary>Writes to a websocket as binary messages; the end is the text message that the API documents.</summary>
sealed class ExecInput(FrameSocket socket) : Stream
{
    static readonly byte[] EndCommand = """{"command":"end"}"""u8.ToArray();
    bool ended;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !ended;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return source.IsEmpty ? default : socket.SendAsync(source, FrameKind.Binary, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!ended)
        {
            ended = true;
            try
            {
                await socket.SendAsync(EndCommand.AsMemory(), FrameKind.Text, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The command has ended already and nobody listens: there is nothing to end.
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
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
}

/// <summary>Reads the binary messages of a websocket up to the end command.</summary>
sealed class ExecOutput(FrameSocket socket) : Stream
{
    bool ended;
    // The end command arrives as text, possibly in pieces; nothing else of the protocol is text.
    bool inText;

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
        while (!ended && !destination.IsEmpty)
        {
            var message = await socket.ReceiveAsync(destination, cancellationToken).ConfigureAwait(false);
            if (message.Kind == FrameKind.Close)
            {
                ended = true;
            }
            else if (message.Kind == FrameKind.Text)
            {
                inText = !message.EndOfMessage;
                ended = !inText;
            }
            else if (message.Count > 0)
            {
                return message.Count;
            }
        }

        return 0;
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
}
