using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pebble.Api;

/// <summary>The sending side of a connection: collects a head and perhaps a body, and sends both at once.</summary>
sealed class HttpOutput : IDisposable
{
    /// <summary>Text as it is, as Go writes it with its HTML escapes off.</summary>
    public static readonly JsonWriterOptions Json = new()
    {
        SkipValidation = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly ArrayBufferWriter<byte> bytes = new(1024);
    readonly ArrayBufferWriter<byte> body = new(1024);
    readonly Utf8JsonWriter writer;

    public HttpOutput()
    {
        writer = new Utf8JsonWriter(body, Json);
    }

    public void Append(ReadOnlySpan<byte> more) => bytes.Write(more);

    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The body's type.</param>
    /// <param name="length">Bytes of the body; null for a chunked one, or one that ends with the connection.</param>
    /// <param name="close">The connection ends after this reply.</param>
    public void AppendHead(int status, string contentType, int? length, bool close)
    {
        Append(HttpStatus.Line(status));
        Append("Content-Type: "u8);
        AppendText(contentType);
        Append("\r\nDate: "u8);
        AppendText(HttpDate.Now());
        if (length is { } count)
        {
            Append("\r\nContent-Length: "u8);
            var digits = bytes.GetSpan(12);
            count.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
            bytes.Advance(written);
        }
        else if (!close)
        {
            Append("\r\nTransfer-Encoding: chunked"u8);
        }

        Append(close ? "\r\nConnection: close\r\n\r\n"u8 : "\r\n\r\n"u8);
    }

    public void AppendJson(JsonReply reply, bool close)
    {
        body.ResetWrittenCount();
        writer.Reset(body);
        writer.WriteStartObject();
        writer.WriteString("type"u8, reply.Type);
        writer.WriteNumber("status-code"u8, reply.Status);
        writer.WriteString("status"u8, HttpStatus.Text(reply.Status));
        if (reply.Change is not null)
        {
            writer.WriteString("change"u8, reply.Change);
        }

        if (reply.Result is not null)
        {
            writer.WritePropertyName("result"u8);
            reply.Result(writer);
        }
        else if (reply.Type == "async")
        {
            writer.WriteNull("result"u8);
        }

        if (reply.LatestWarning is { } latest)
        {
            writer.WriteString("latest-warning"u8, Formats.GoTime.Utc(latest));
        }

        if (reply.Maintenance is var (kind, message))
        {
            writer.WriteStartObject("maintenance"u8);
            writer.WriteString("message"u8, message);
            writer.WriteString("kind"u8, kind);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        AppendHead(reply.Status, "application/json", body.WrittenCount, close);
        Append(body.WrittenSpan);
    }

    public async ValueTask SendAsync(Stream stream, CancellationToken cancellation)
    {
        if (bytes.WrittenCount > 0)
        {
            await stream.WriteAsync(bytes.WrittenMemory, cancellation);
            bytes.ResetWrittenCount();
        }
    }

    public void Dispose() => writer.Dispose();

    void AppendText(string text) => Encoding.UTF8.GetBytes(text, bytes);
}
