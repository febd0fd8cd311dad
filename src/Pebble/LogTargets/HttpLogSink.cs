using System.Net;
using System.Text.Json;

namespace Pebble.LogTargets;

/// <summary>Sends batches as JSON by HTTP. A server's trouble (5xx, 429) keeps them for later, a refusal (4xx) drops them.</summary>
abstract class HttpLogSink(string target, Uri location, string contentType) : LogSink
{
    static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = true }) { Timeout = RequestTimeout };

    public override void Dispose() => http.Dispose();

    protected abstract void WriteBody(Utf8JsonWriter writer);

    protected override async Task SendAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, location) { Content = Content() };
        request.Headers.TryAddWithoutValidation("User-Agent", $"pebble/{SystemApi.SystemInfo.Version}");
        HttpStatusCode status;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            status = response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new LogSinkException(e.Message);
        }

        var code = (int)status;
        if (code is 200 or 204)
        {
            Drop(Entries.Count);
            return;
        }

        if (code is >= 400 and < 500 and not 429)
        {
            Logger.Notice($"Target \"{target}\": request failed with status {code}, dropping {Entries.Count} logs");
            Drop(Entries.Count);
        }

        throw new LogSinkException($"server returned HTTP {code}");
    }

    ByteArrayContent Content()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            WriteBody(writer);
        }

        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }
}
