namespace Pebble.Logs;

/// <summary>
/// The last 100 KiB that a service wrote, as lines with their time. Bytes in, bytes out: nothing is decoded. The time and
/// name that the daemon's text form puts before each line count, so as many lines are kept as by the Go program.
/// </summary>
/// <param name="service">The service's name.</param>
/// <param name="clock">The time of lines, in whole milliseconds.</param>
sealed class LogBuffer(string service, TimeProvider clock)
{
    const int Capacity = 100 * 1024;

    /// <summary>"2006-01-02T15:04:05.000Z [name] " without the name.</summary>
    const int PrefixLength = 28;

    readonly Lock gate = new();
    readonly int prefix = PrefixLength + service.Length;
    byte[] bytes = new byte[1024];
    Entry[] entries = new Entry[16];
    long firstEntry;
    long nextEntry;
    long firstByte;
    long nextByte;
    int charged;
    bool lineIsOpen;
    TaskCompletionSource? waiting;

    public string Service => service;

    /// <summary>The number that the next entry will have.</summary>
    public long End
    {
        get
        {
            lock (gate)
            {
                return nextEntry;
            }
        }
    }

    /// <summary>Adds what the service wrote, in pieces of any size.</summary>
    public void Append(ReadOnlySpan<byte> written)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            while (!written.IsEmpty)
            {
                var newline = written.IndexOf((byte)'\n');
                var piece = newline < 0 ? written : written[..newline];
                Add(piece, now, endsLine: newline >= 0);
                written = newline < 0 ? [] : written[(newline + 1)..];
            }

            (wake, waiting) = (waiting, null);
        }

        wake?.TrySetResult();
    }

    /// <summary>The process that wrote has gone: what follows is a new line.</summary>
    public void EndLine()
    {
        lock (gate)
        {
            if (lineIsOpen)
            {
                entries[(nextEntry - 1) & (entries.Length - 1)].EndsLine = true;
                lineIsOpen = false;
            }
        }
    }

    /// <summary>
    /// The entries from number <paramref name="position"/> on that are still kept; moves the position behind them. A line
    /// that came in pieces is one entry if all of them are there already.
    /// </summary>
    public List<LogEntry> Read(ref long position, int most = int.MaxValue)
    {
        List<LogEntry> found = [];
        lock (gate)
        {
            position = Math.Max(position, firstEntry);
            while (position < nextEntry && found.Count < most)
            {
                var entry = At(position);
                var length = entry.Length;
                var last = position;
                while (!At(last).EndsLine && last + 1 < nextEntry)
                {
                    length += At(++last).Length;
                }

                var message = new byte[length];
                Copy(entry.Start, message);
                found.Add(new LogEntry(service, entry.TimeMs, message));
                position = last + 1;
            }
        }

        return found;
    }

    /// <summary>The last lines.</summary>
    public List<LogEntry> Last(int most)
    {
        long position = 0;
        var all = Read(ref position);
        return all.Count <= most ? all : all[^most..];
    }

    /// <summary>Ends when there is an entry at the position, or one before it is gone.</summary>
    public async Task WaitAsync(long position, CancellationToken cancellation)
    {
        Task wait;
        lock (gate)
        {
            if (position < nextEntry)
            {
                return;
            }

            waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = waiting.Task;
        }

        await wait.WaitAsync(cancellation);
    }

    ref Entry At(long number) => ref entries[number & (entries.Length - 1)];

    void Add(ReadOnlySpan<byte> piece, long now, bool endsLine)
    {
        if (lineIsOpen && piece.IsEmpty)
        {
            At(nextEntry - 1).EndsLine = endsLine;
            lineIsOpen = !endsLine;
            charged++;
            return;
        }

        var cost = piece.Length + (lineIsOpen ? 0 : prefix) + (endsLine ? 1 : 0);
        if (cost > Capacity)
        {
            // Of what cannot be kept whole the end is kept.
            piece = piece[^(Capacity - prefix - 1)..];
            cost = Capacity;
        }

        while (charged + cost > Capacity)
        {
            charged -= At(firstEntry).Cost;
            firstByte += At(firstEntry++).Length;
        }

        if (nextEntry - firstEntry == entries.Length)
        {
            GrowEntries();
        }

        if (nextByte - firstByte + piece.Length > bytes.Length)
        {
            GrowBytes(piece.Length);
        }

        var at = (int)(nextByte & (bytes.Length - 1));
        var head = Math.Min(piece.Length, bytes.Length - at);
        piece[..head].CopyTo(bytes.AsSpan(at));
        piece[head..].CopyTo(bytes);
        At(nextEntry++) = new Entry { Start = nextByte, Length = piece.Length, Cost = cost, TimeMs = now, EndsLine = endsLine };
        nextByte += piece.Length;
        charged += cost;
        lineIsOpen = !endsLine;
    }

    void GrowEntries()
    {
        var larger = new Entry[entries.Length * 2];
        for (var number = firstEntry; number < nextEntry; number++)
        {
            larger[number & (larger.Length - 1)] = At(number);
        }

        entries = larger;
    }

    void GrowBytes(int more)
    {
        var size = bytes.Length;
        while (size < nextByte - firstByte + more)
        {
            size *= 2;
        }

        var larger = new byte[size];
        for (var number = firstByte; number < nextByte; number++)
        {
            larger[number & (size - 1)] = bytes[number & (bytes.Length - 1)];
        }

        bytes = larger;
    }

    void Copy(long start, Span<byte> into)
    {
        var at = (int)(start & (bytes.Length - 1));
        var head = Math.Min(into.Length, bytes.Length - at);
        bytes.AsSpan(at, head).CopyTo(into);
        bytes.AsSpan(0, into.Length - head).CopyTo(into[head..]);
    }

    struct Entry
    {
        public long Start;
        public long TimeMs;
        public int Length;
        public int Cost;
        public bool EndsLine;
    }
}

/// <summary>A line of a service, without its newline.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="TimeMs">Milliseconds since 1970, UTC.</param>
/// <param name="Message">As the service wrote it.</param>
sealed record LogEntry(string Service, long TimeMs, byte[] Message);
