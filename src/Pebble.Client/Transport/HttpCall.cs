namespace Pebble.Client;

/// <summary>A request to be sent.</summary>
sealed record HttpCall(string Method, string Target)
{
    public string Accept { get; init; } = "application/json";

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes a body of unknown length, sent in chunks; null: <see cref="Body"/> is the body.</summary>
    public Func<Stream, CancellationToken, Task>? WriteBody { get; init; }

    /// <summary>True for a websocket handshake: the connection is the caller's afterwards.</summary>
    public string? WebSocketKey { get; init; }

    public static HttpCall Get(string target) => new("GET", target);
}
