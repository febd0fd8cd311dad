using System.Net;
using System.Text.Json;
using Pebble.Api;
using Pebble.Formats;

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
        string reason;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            (status, reason) = (response.StatusCode, response.ReasonPhrase ?? "");
        }
        catch (HttpRequestException e)
        {
            throw new LogSinkException($"Post {GoQuote.Quote(location.OriginalString)}: {HttpFailure.Of(e, location)}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LogSinkException($"Post {GoQuote.Quote(location.OriginalString)}: no answer within {GoDuration.Format(RequestTimeout)}");
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

        throw new LogSinkException(code is >= 400 ? $"server returned HTTP {code} {reason}" : $"unexpected response from server: {code} {reason}");
    }

    ByteArrayContent Content()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, HttpOutput.Json))
        {
            WriteBody(writer);
        }

        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }
}
