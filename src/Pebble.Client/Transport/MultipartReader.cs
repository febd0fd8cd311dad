using System.Text;

namespace Pebble.Client;

/// <summary>What a part's Content-Disposition says; empty where it says nothing.</summary>
readonly record struct Part(string Name, string FileName);

/// <summary>Reads multipart/form-data part by part, each streamed.</summary>
sealed class MultipartReader(Stream stream, string boundary)
{
    readonly byte[] delimiter = Encoding.UTF8.GetBytes("\r\n--" + boundary);
    // The first delimiter may stand at the very start: pretend that a line end came before it.
    readonly byte[] buffer = Primed();
    int start;
    int end = 2;
    bool inPart = true;
    bool finished;

    /// <summary>The next part, skipping what is left of this one; null after the last.</summary>
    public async ValueTask<Part?> NextAsync(CancellationToken cancellation)
    {
        if (inPart)
        {
            await CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
        }

        if (finished)
        {
            // What follows the last delimiter means nothing, but the connection is free only behind it.
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) > 0)
            {
            }

            return null;
        }

        var part = new Part("", "");
        while (await LineAsync(cancellation).ConfigureAwait(false) is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase))
            {
                part = new Part(Parameter(line, " name="), Parameter(line, " filename="));
            }
        }

        inPart = true;
        return part;
    }

    /// <summary>The rest of this part into a stream.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellation)
    {
        while (true)
        {
            var data = buffer.AsMemory(start, end - start);
            var at = data.Span.IndexOf(delimiter);
            if (at >= 0)
            {
                await WriteAsync(data[..at]).ConfigureAwait(false);
                start += at + delimiter.Length;
                inPart = false;
                await AfterDelimiterAsync(cancellation).ConfigureAwait(false);
                return;
            }

            // What might be the start of a delimiter stays.
            var keep = Math.Min(data.Length, delimiter.Length - 1);
            await WriteAsync(data[..^keep]).ConfigureAwait(false);
            start = end - keep;
            await FillAsync(cancellation).ConfigureAwait(false);
        }

        ValueTask WriteAsync(ReadOnlyMemory<byte> part) =>
            part.IsEmpty || destination == Stream.Null ? default : destination.WriteAsync(part, cancellation);
    }

    // "--" after a delimiter says that it was the last, and a line end need not follow.
    async ValueTask AfterDelimiterAsync(CancellationToken cancellation)
    {
        while (end - start < 2)
        {
            await FillAsync(cancellation).ConfigureAwait(false);
        }

        finished = buffer.AsSpan(start, 2).SequenceEqual("--"u8);
        if (!finished)
        {
            await LineAsync(cancellation).ConfigureAwait(false);
        }
    }

    async ValueTask<string> LineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var data = buffer.AsSpan(start, end - start);
            var at = data.IndexOf("\r\n"u8);
            if (at >= 0)
            {
                start += at + 2;
                return Encoding.UTF8.GetString(data[..at]);
            }

            await FillAsync(cancellation).ConfigureAwait(false);
        }
    }

    async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var count = end == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
        if (count == 0)
        {
            throw new PebbleProtocolException("multipart: NextPart: EOF");
        }

        end += count;
    }

    /// <summary>A parameter's value: a token, or quoted with backslash escapes (RFC 9110, section 5.6.4).</summary>
    static string Parameter(string header, string name)
    {
        var at = header.Replace(';', ' ').IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return "";
        }

        var rest = header.AsSpan(at + name.Length);
        if (!rest.StartsWith("\""))
        {
            return rest.ToString().Split(';')[0].Trim();
        }

        var value = new StringBuilder();
        for (var i = 1; i < rest.Length && rest[i] != '"'; i++)
        {
            i += rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] is '\\' or '"' ? 1 : 0;
            value.Append(rest[i]);
        }

        return value.ToString();
    }

    static byte[] Primed()
    {
        var bytes = new byte[256 * 1024];
        "\r\n"u8.CopyTo(bytes);
        return bytes;
    }
}
