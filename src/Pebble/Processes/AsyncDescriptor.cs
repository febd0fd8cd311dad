namespace Pebble.Processes;

/// <summary>
/// A pipe or terminal that is read and written without blocking a thread. At most one read and one write at a time.
/// What awaits a read continues on the event loop's thread, so it must not block.
/// </summary>
sealed class AsyncDescriptor : IDisposable
{
    const uint Readable = 0x001;
    const uint Writable = 0x004;
    const uint Broken = 0x008;
    const uint HungUp = 0x010;
    const uint Once = 1u << 30;
    const int SetFlags = 4;

    readonly Lock gate = new();
    readonly EventLoop loop;
    readonly long token;
    TaskCompletionSource? read;
    TaskCompletionSource? write;
    bool isClosed;

    /// <summary>Takes the descriptor over: it is closed with this object.</summary>
    public AsyncDescriptor(EventLoop loop, int descriptor)
    {
        this.loop = loop;
        Number = descriptor;
        _ = Libc.fcntl(descriptor, SetFlags, Libc.NonBlocking);
        token = loop.Register(this);
    }

    public int Number { get; }

    /// <summary>Bytes read, 0 at the end or when closed, -1 when there is nothing now.</summary>
    public int Read(Span<byte> into)
    {
        lock (gate)
        {
            return isClosed ? 0 : Descriptors.Read(Number, into);
        }
    }

    /// <summary>Ends when there is something to read, the end included.</summary>
    public Task ReadableAsync()
    {
        lock (gate)
        {
            if (isClosed)
            {
                return Task.CompletedTask;
            }

            read = new TaskCompletionSource();
            Arm();
            return read.Task;
        }
    }

    /// <summary>Bytes read, 0 at the end or when closed meanwhile.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into)
    {
        int count;
        while ((count = Read(into.Span)) < 0)
        {
            await ReadableAsync();
        }

        return count;
    }

    /// <summary>False if the other side does not read any more.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Task wait;
            lock (gate)
            {
                if (isClosed)
                {
                    return false;
                }

                var count = Descriptors.TryWrite(Number, bytes.Span);
                if (count < 0)
                {
                    return false;
                }

                bytes = bytes[count..];
                if (count > 0)
                {
                    continue;
                }

                write = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = write.Task;
                Arm();
            }

            await wait;
        }

        return true;
    }

    /// <summary>Lets a pending <see cref="ReadableAsync"/> end without anything to read.</summary>
    public void Wake()
    {
        TaskCompletionSource? reader;
        lock (gate)
        {
            (reader, read) = (read, null);
        }

        reader?.TrySetResult();
    }

    public void Ready(uint events)
    {
        TaskCompletionSource? reader = null;
        TaskCompletionSource? writer = null;
        lock (gate)
        {
            if ((events & (Readable | Broken | HungUp)) != 0)
            {
                (reader, read) = (read, null);
            }

            if ((events & (Writable | Broken | HungUp)) != 0)
            {
                (writer, write) = (write, null);
            }

            if (!isClosed && (read is not null || write is not null))
            {
                Arm();
            }
        }

        writer?.TrySetResult();
        reader?.TrySetResult();
    }

    public void Dispose()
    {
        TaskCompletionSource? reader;
        TaskCompletionSource? writer;
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            isClosed = true;
            loop.Forget(token);
            _ = Libc.close(Number);
            (reader, read) = (read, null);
            (writer, write) = (write, null);
        }

        writer?.TrySetResult();
        reader?.TrySetResult();
    }

    void Arm() => loop.Arm(Number, Once | (read is null ? 0 : Readable) | (write is null ? 0 : Writable), token);
}
