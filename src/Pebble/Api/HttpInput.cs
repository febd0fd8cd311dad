using System.Text;

namespace Pebble.Api;

/// <summary>The receiving side of a connection: heads, and what of a body came with them.</summary>
sealed class HttpInput(Stream stream)
{
    const int FirstSize = 4096;

    /// <summary>As much as Go's server takes by default.</summary>
    const int MostHeadBytes = 1 << 20;

    byte[] buffer = new byte[FirstSize];
    int start;
    int end;

    /// <summary>What was received but not yet consumed.</summary>
    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>The next request's head, null when the client has closed the connection.</summary>
    /// <exception cref="FormatException">It is not HTTP, or too long.</exception>
    public async ValueTask<HttpHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Empty lines before a request are skipped (RFC 9112, section 2.2).
            while (start < end && buffer[start] is (byte)'\r' or (byte)'\n')
            {
                start++;
            }

            var length = HeadLength(Buffered);
            if (length > 0)
            {
                var head = HttpHead.Parse(buffer.AsSpan(start, length));
                start += length;
                return head;
            }

            if (!await FillAsync(cancellation))
            {
                return null;
            }
        }
    }

    /// <summary>Reads from the buffer first, then straight into the caller's memory.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellation)
    {
        if (start == end)
        {
            return stream.ReadAsync(into, cancellation);
        }

        var count = Math.Min(into.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(into.Span);
        start += count;
        return ValueTask.FromResult(count);
    }

    /// <summary>A line without its end; null at the end of the stream.</summary>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        const int MostBytes = 4096;
        while (true)
        {
            var newline = Buffered.IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = Encoding.Latin1.GetString(Buffered[..newline]).TrimEnd('\r');
                start += newline + 1;
                return line;
            }

            if (end - start > MostBytes || !await FillAsync(cancellation))
            {
                return null;
            }
        }
    }

    /// <summary>0 while the empty line that ends a head has not arrived.</summary>
    static int HeadLength(ReadOnlySpan<byte> bytes)
    {
        var found = bytes.IndexOf("\n\r\n"u8);
        var bare = bytes.IndexOf("\n\n"u8);
        return found >= 0 && (bare < 0 || found < bare) ? found + 3 : bare >= 0 ? bare + 2 : 0;
    }

    async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (start == end)
        {
            start = end = 0;
        }
        else if (end == buffer.Length && start > 0)
        {
            Buffered.CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        else if (end == buffer.Length)
        {
            if (buffer.Length >= MostHeadBytes)
            {
                throw new FormatException("431 Request Header Fields Too Large");
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        end += count;
        return count > 0;
    }
}
