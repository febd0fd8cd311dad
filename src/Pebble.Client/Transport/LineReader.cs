namespace Pebble.Client;

/// <summary>Lines of a stream, each valid until the next is read.</summary>
sealed class LineReader(Stream stream)
{
    byte[] buffer = new byte[32 * 1024];
    int start;
    int end;

    /// <summary>A line without its LF; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        var searched = start;
        while (true)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsMemory(start, searched + at - start);
                start = searched + at + 1;
                return line;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            else if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            searched = end;
            var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                var rest = buffer.AsMemory(start, end - start);
                start = end;
                return rest.Length > 0 ? (ReadOnlyMemory<byte>?)rest : null;
            }

            end += count;
        }
    }
}
