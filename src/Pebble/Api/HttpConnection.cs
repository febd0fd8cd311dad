using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pebble.Api;

/// <summary>One connection: requests are read, answered and followed by the next, one after the other.</summary>
sealed class HttpConnection(Router router, Socket socket, Stream stream, Transport transport) : IDisposable
{
    readonly HttpInput input = new(stream);
    readonly HttpOutput output = new();

    public PeerCredentials? Peer { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    public async Task ServeAsync(CancellationToken cancellation)
    {
        try
        {
            while (await input.ReadHeadAsync(cancellation) is { } head)
            {
                if (!await AnswerAsync(head, cancellation))
                {
                    break;
                }
            }
        }
        catch (FormatException e)
        {
            await RefuseAsync(e.Message, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, or the daemon goes: nobody is left to tell.
        }
    }

    public void Dispose()
    {
        output.Dispose();
        stream.Dispose();
        socket.Dispose();
    }

    /// <summary>True if another request may follow.</summary>
    async Task<bool> AnswerAsync(HttpHead head, CancellationToken cancellation)
    {
        var body = new RequestBody(input, head, SendContinueAsync);
        var request = MakeRequest(head, body);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var watch = new ClientWatch(socket, gone, transport != Transport.Https);
        var reply = await router.AnswerAsync(request, watch, gone.Token);
        switch (reply)
        {
            case JsonReply json:
                var close = !head.KeepAlive || !body.Ended;
                if (close && head.KeepAlive)
                {
                    close = !await TryDrainAsync(body, cancellation);
                }

                output.AppendJson(json, close);
                await output.SendAsync(stream, cancellation);
                return !close;

            case StreamReply streamed:
                await body.DrainAsync(cancellation);
                watch.Start();
                var content = new ReplyBody(stream, output, streamed.Status, streamed.ContentType, head.IsHttp11);
                await streamed.Write(content, gone.Token);
                await content.EndAsync(cancellation);
                return head.KeepAlive;

            case RedirectReply redirect:
                var stays = head.KeepAlive && await TryDrainAsync(body, cancellation);
                output.Append(Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 301 Moved Permanently\r\nLocation: {redirect.Location}\r\nContent-Length: 0\r\n{(stays ? "" : "Connection: close\r\n")}\r\n"));
                await output.SendAsync(stream, cancellation);
                return stays;

            case WebSocketReply upgraded:
                await UpgradeAsync(request, upgraded, cancellation);
                return false;

            default:
                throw new InvalidOperationException($"no way to send {reply}");
        }
    }

    static async ValueTask<bool> TryDrainAsync(RequestBody body, CancellationToken cancellation)
    {
        try
        {
            return await body.DrainAsync(cancellation);
        }
        catch (IOException)
        {
            return false;
        }
    }

    Request MakeRequest(HttpHead head, RequestBody body)
    {
        var target = head.Target;
        if (target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && target.IndexOf('/', 7) is var slash)
        {
            target = slash < 0 ? "/" : target[slash..];
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        return new Request
        {
            Method = head.Method,
            Path = path.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(path) : path,
            Query = question < 0 ? Query.None : Query.Parse(target[(question + 1)..]),
            Target = target,
            Headers = head.Headers,
            Transport = transport,
            Peer = Peer,
            ClientCertificate = ClientCertificate,
            Body = body,
        };
    }

    async Task UpgradeAsync(Request request, WebSocketReply reply, CancellationToken cancellation)
    {
        output.Append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "u8);
        output.Append(Encoding.ASCII.GetBytes(WebSocketHandshake.Accept(request.Header("Sec-WebSocket-Key"))));
        output.Append("\r\n\r\n"u8);
        await output.SendAsync(stream, cancellation);
        using var socketStream = new RestOfConnection(input, stream);
        using var websocket = WebSocket.CreateFromStream(socketStream, new WebSocketCreationOptions { IsServer = true });
        await reply.Use(websocket, cancellation);
    }

    async ValueTask SendContinueAsync(CancellationToken cancellation) =>
        await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellation);

    async Task RefuseAsync(string status, CancellationToken cancellation)
    {
        try
        {
            var text = $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n{status}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has gone meanwhile.
        }
    }
}
