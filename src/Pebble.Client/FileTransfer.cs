using System.Text;
using System.Text.Json;

namespace Pebble.Client;

public sealed partial class PebbleClient
{
    const int TransferBytes = 256 * 1024;

    /// <summary>Copies a file from the daemon's side into a stream, without holding it in memory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="destination">Written to as data arrives; left open.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    /// <exception cref="PebblePathException">There is no such file, or it can't be read.</exception>
    public async Task PullAsync(string path, Stream destination, CancellationToken cancellation)
    {
        var call = HttpCall.Get("/v1/files" + new Query().Add("action", "read").Add("path", path)) with { Accept = "multipart/form-data" };
        await using var reply = await http.SendAsync(call, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(reply, cancellation).ConfigureAwait(false);

        var parts = new MultipartReader(reply.Body, BoundaryOf(reply.ContentType));
        List<PathResult>? results = null;
        while (await parts.NextAsync(cancellation).ConfigureAwait(false) is { } part)
        {
            if (part.Name == "response")
            {
                var json = new MemoryStream();
                await parts.CopyToAsync(json, cancellation).ConfigureAwait(false);
                results = Parse(json.GetBuffer().AsMemory(0, (int)json.Length), Wire.Default.ReplyListPathResult).Result;
            }
            else
            {
                await parts.CopyToAsync(destination, cancellation).ConfigureAwait(false);
            }
        }

        ThrowIfFailed(results ?? throw new PebbleProtocolException("no \"response\" part in the reply"), path);
    }

    /// <summary>The content of a file as bytes.</summary>
    /// <inheritdoc cref="PullAsync"/>
    public async Task<byte[]> PullBytesAsync(string path, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await PullAsync(path, content, cancellation).ConfigureAwait(false);
        return content.ToArray();
    }

    /// <summary>The content of a file as UTF-8 text.</summary>
    /// <inheritdoc cref="PullAsync"/>
    public async Task<string> PullTextAsync(string path, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(await PullBytesAsync(path, cancellation).ConfigureAwait(false));

    /// <summary>Writes a file on the daemon's side: it appears whole or not at all.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="source">Read to its end, without holding it in memory; left open.</param>
    /// <param name="makeDirs">True: make the directories above it, too.</param>
    /// <param name="ownership">Mode and owner; null: 0644 and the daemon's own user.</param>
    /// <param name="cancellation">Ends the transfer; the file is then as before.</param>
    /// <exception cref="PebblePathException">It can't be written.</exception>
    public async Task PushAsync(string path, Stream source, bool makeDirs, FileOwnership? ownership, CancellationToken cancellation)
    {
        var o = ownership ?? NoOwnership;
        var request = new WriteRequest("write", [new(path, makeDirs, o.Octal, o.UserId, o.User, o.GroupId, o.Group)]);
        var boundary = NewBoundary();
        var head = PushHead(boundary, path, JsonSerializer.SerializeToUtf8Bytes(request, Wire.Default.WriteRequest));
        var tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        var call = new HttpCall("POST", "/v1/files")
        {
            ContentType = $"multipart/form-data; boundary=\"{boundary}\"",
            WriteBody = async (body, cancel) =>
            {
                await body.WriteAsync(head, cancel).ConfigureAwait(false);
                var buffer = new byte[TransferBytes];
                int count;
                while ((count = await source.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
                {
                    await body.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
                }

                await body.WriteAsync(tail, cancel).ConfigureAwait(false);
            },
        };
        var reply = await SendAsync(call, Wire.Default.ReplyListPathResult, 0, cancellation).ConfigureAwait(false);
        ThrowIfFailed(Result(reply, "/v1/files"), path);
    }

    /// <summary>Writes bytes to a file.</summary>
    /// <inheritdoc cref="PushAsync"/>
    public async Task PushBytesAsync(
        string path, ReadOnlyMemory<byte> content, bool makeDirs, FileOwnership? ownership, CancellationToken cancellation)
    {
        using var source = new MemoryStream(content.ToArray(), writable: false);
        await PushAsync(path, source, makeDirs, ownership, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes text to a file, as UTF-8.</summary>
    /// <inheritdoc cref="PushAsync"/>
    public Task PushTextAsync(string path, string content, bool makeDirs, FileOwnership? ownership, CancellationToken cancellation) =>
        PushBytesAsync(path, Encoding.UTF8.GetBytes(content), makeDirs, ownership, cancellation);

    static byte[] PushHead(string boundary, string path, byte[] request) =>
    [
        .. Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n"),
        .. request,
        .. Encoding.UTF8.GetBytes(
            $"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name=\"files\"; "
            + $"filename=\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\r\n\r\n"),
    ];
}
