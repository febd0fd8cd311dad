using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Forum.Redis;

/// <summary>Reads replies of the RESP3 protocol from a stream.</summary>
/// <remarks>Source: the RESP specification, https://redis.io/docs/latest/develop/reference/protocol-spec/.</remarks>
sealed class RespReader(PipeReader pipe)
{
    const int LongestLine = 64 * 1024;

    /// <summary>The next reply, or null at the end of the stream.</summary>
    public async ValueTask<RedisReply?> ReadAsync(CancellationToken cancellation)
    {
        var line = await LineAsync(cancellation);
        if (line is null)
        {
            return null;
        }

        var rest = line.AsSpan(1);
        switch ((char)line[0])
        {
            case '+':
            case ',':
            case '(':
                return new RedisReply { Bytes = rest.ToArray() };
            case '-':
                return new RedisReply { Bytes = rest.ToArray(), IsError = true };
            case ':':
                return new RedisReply { Number = Number(rest), IsNumber = true };
            case '#':
                return new RedisReply { Number = rest[0] == 't' ? 1 : 0, IsNumber = true };
            case '_':
                return RedisReply.Null;
            case '$':
            case '=':
            case '!':
                var length = (int)Number(rest);
                return length < 0
                    ? RedisReply.Null
                    : new RedisReply { Bytes = await BytesAsync(length, cancellation), IsError = line[0] == '!' };
            case '*':
            case '~':
            case '>':
                return await ItemsAsync((int)Number(rest), line[0] == '>', cancellation);
            case '%':
                return await ItemsAsync((int)Number(rest) * 2, push: false, cancellation);
            case '|':
                // Attributes about the reply that follows; nothing here uses them.
                await ItemsAsync((int)Number(rest) * 2, push: false, cancellation);
                return await ReadAsync(cancellation);
            default:
                throw new RedisUnavailableException($"Redis wrote a reply of the unknown type {(char)line[0]}");
        }
    }

    async ValueTask<RedisReply> ItemsAsync(int count, bool push, CancellationToken cancellation)
    {
        if (count < 0)
        {
            return RedisReply.Null;
        }

        var items = new RedisReply[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = await ReadAsync(cancellation) ?? throw new RedisUnavailableException("Redis closed the connection in a reply");
        }

        return new RedisReply { Items = items, IsPush = push };
    }

    async ValueTask<byte[]?> LineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var end = read.Buffer.PositionOf((byte)'\n');
            if (end is { } position)
            {
                var line = read.Buffer.Slice(0, position).ToArray();
                pipe.AdvanceTo(read.Buffer.GetPosition(1, position));
                return line.Length < 2 ? throw new RedisUnavailableException("Redis wrote an empty line") : line[..^1];
            }

            if (read.IsCompleted || read.Buffer.Length > LongestLine)
            {
                pipe.AdvanceTo(read.Buffer.End);
                return null;
            }

            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    async ValueTask<byte[]> BytesAsync(int length, CancellationToken cancellation)
    {
        var read = await pipe.ReadAtLeastAsync(length + 2, cancellation);
        if (read.Buffer.Length < length + 2)
        {
            throw new RedisUnavailableException("Redis closed the connection in a reply");
        }

        var bytes = read.Buffer.Slice(0, length).ToArray();
        pipe.AdvanceTo(read.Buffer.GetPosition(length + 2));
        return bytes;
    }

    static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out _) ? number : throw new RedisUnavailableException("Redis wrote a length that is no number");
}
