using System.Globalization;
using System.Text;

namespace Pebble.Api;

/// <summary>The head of an HTTP/1.x request.</summary>
sealed class HttpHead
{
    readonly List<KeyValuePair<string, string>> headers = [];

    public required string Method { get; init; }

    /// <summary>As sent, the query included.</summary>
    public required string Target { get; init; }

    /// <summary>False for HTTP/1.0.</summary>
    public required bool IsHttp11 { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers => headers;

    public bool IsChunked { get; private set; }

    public long ContentLength { get; private set; }

    public bool ExpectsContinue { get; private set; }

    public bool KeepAlive { get; private set; }

    /// <exception cref="FormatException">The message is the status line of the refusal.</exception>
    public static HttpHead Parse(ReadOnlySpan<byte> bytes)
    {
        var lineEnd = bytes.IndexOf((byte)'\n');
        var line = bytes[..lineEnd].TrimEnd((byte)'\r');
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !line[(last + 1)..].StartsWith("HTTP/1."u8) || line[(last + 1)..].Length != 8)
        {
            throw Bad();
        }

        var isHttp11 = line[^1] != (byte)'0';
        var head = new HttpHead
        {
            Method = Encoding.ASCII.GetString(line[..first]) switch { "GET" => "GET", "POST" => "POST", var other => other },
            Target = Encoding.UTF8.GetString(line[(first + 1)..last]),
            IsHttp11 = isHttp11,
            KeepAlive = isHttp11,
        };
        head.ParseHeaders(bytes[(lineEnd + 1)..]);
        return head;
    }

    void ParseHeaders(ReadOnlySpan<byte> bytes)
    {
        var hasLength = false;
        while (true)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = bytes[..end].TrimEnd((byte)'\r');
            bytes = bytes[(end + 1)..];
            if (line.IsEmpty)
            {
                return;
            }

            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[colon - 1] is (byte)' ' or (byte)'\t' || line[0] is (byte)' ' or (byte)'\t')
            {
                throw Bad();
            }

            var name = Encoding.ASCII.GetString(line[..colon]);
            var value = Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8));
            headers.Add(KeyValuePair.Create(name, value));
            Note(name, value, ref hasLength);
        }
    }

    void Note(string name, string value, ref bool hasLength)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        if (name.Equals("Content-Length", IgnoreCase))
        {
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || (hasLength && length != ContentLength))
            {
                throw Bad();
            }

            hasLength = true;
            ContentLength = length;
        }
        else if (name.Equals("Transfer-Encoding", IgnoreCase))
        {
            IsChunked = value.Equals("chunked", IgnoreCase) ? true : throw new FormatException("501 Not Implemented");
        }
        else if (name.Equals("Connection", IgnoreCase))
        {
            KeepAlive = value.Contains("keep-alive", IgnoreCase) || (KeepAlive && !value.Contains("close", IgnoreCase));
        }
        else if (name.Equals("Expect", IgnoreCase))
        {
            ExpectsContinue = value.Equals("100-continue", IgnoreCase) ? true : throw new FormatException("417 Expectation Failed");
        }
    }

    static FormatException Bad() => new("400 Bad Request");
}
