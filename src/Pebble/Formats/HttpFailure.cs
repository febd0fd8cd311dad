using System.Net.Sockets;
using Pebble.Processes;

namespace Pebble.Formats;

/// <summary>
/// Why a request or a connection failed, in Go's words. The framework's own words are not in a trimmed program.
/// </summary>
static class HttpFailure
{
    public static string Of(HttpRequestException e, Uri uri) => e.InnerException switch
    {
        SocketException socket => Of(socket, uri.Host, uri.Port),
        System.Security.Authentication.AuthenticationException => "tls: handshake failure",
        _ => e.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => "EOF",
            HttpRequestError.InvalidResponse => "malformed HTTP response",
            HttpRequestError.SecureConnectionError => "tls: handshake failure",
            HttpRequestError.NameResolutionError => $"dial tcp: lookup {uri.Host}: no such host",
            var other => $"request failed: {other}",
        },
    };

    public static string Of(SocketException e, string host, int port) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"dial tcp {(host == "localhost" ? "127.0.0.1" : host)}:{port}: connect: connection refused",
        SocketError.HostNotFound => $"dial tcp: lookup {host}: no such host",
        _ => $"dial tcp {host}:{port}: connect: {Libc.ErrorText(e.NativeErrorCode)}",
    };
}
