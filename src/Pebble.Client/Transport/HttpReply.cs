namespace Pebble.Client;

/// <summary>The head of an answer, and its body as a stream. Disposing returns a connection that can serve again.</summary>
sealed class HttpReply(UnixConnection connection, int status, string reason, IReadOnlyDictionary<string, string> headers, UnixHttp owner)
    : IAsyncDisposable
{
    ReplyBody? body;
    bool taken;

    public int Status => status;

    public string Reason => reason;

    public string ContentType => headers.GetValueOrDefault("content-type", "");

    public ReplyBody Body => body ??= OpenBody();

    /// <summary>The connection for other use than HTTP; it is the caller's from here on.</summary>
    public UnixConnection Take()
    {
        taken = true;
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (taken)
        {
            return;
        }

        var closes = headers.TryGetValue("connection", out var value) && value.Contains("close", StringComparison.OrdinalIgnoreCase);
        if (Body.IsAtEnd && !closes)
        {
            owner.Return(connection);
        }
        else
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    ReplyBody OpenBody()
    {
        if (headers.TryGetValue("transfer-encoding", out var encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return new ReplyBody(connection, null, chunked: true);
        }

        if (headers.TryGetValue("content-length", out var text))
        {
            return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length)
                ? new ReplyBody(connection, length, chunked: false)
                : throw new PebbleProtocolException($"invalid Content-Length \"{text}\"");
        }

        return new ReplyBody(connection, status is 204 or 304 ? 0 : null, chunked: false);
    }
}
