using System.Globalization;
using System.Text;

namespace Pebble.Api;

/// <summary>The statuses that the API uses, with HTTP's own words for them.</summary>
static class HttpStatus
{
    static readonly byte[] Ok = MakeLine(200);

    public static string Text(int status) => status switch
    {
        101 => "Switching Protocols",
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Request Entity Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    };

    public static ReadOnlySpan<byte> Line(int status) => status == 200 ? Ok : MakeLine(status);

    static byte[] MakeLine(int status) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Text(status)}\r\n"));
}

/// <summary>The Date header, made once a second.</summary>
static class HttpDate
{
    public static string Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        var second = now.Ticks / TimeSpan.TicksPerSecond;
        var last = Volatile.Read(ref cachedBox);
        if (last is not null && last.Second == second)
        {
            return last.Text;
        }

        var text = now.ToString("R", CultureInfo.InvariantCulture);
        Volatile.Write(ref cachedBox, new Cached(second, text));
        return text;
    }

    static Cached? cachedBox;

    sealed record Cached(long Second, string Text);
}
