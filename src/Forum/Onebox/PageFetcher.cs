using System.Net;
using System.Net.Sockets;
using System.Text;
using Forum.Settings;

namespace Forum.Onebox;

/// <summary>A page as it was fetched.</summary>
/// <param name="Address">Where it was in the end.</param>
sealed record FetchedPage(Uri Address, string ContentType, string Text);

/// <summary>
/// Fetches pages that members link to, and nothing else: hosts of allowed_onebox_hosts only, at public addresses only. The connection
/// goes to the very address that was looked at, so that a name which answers differently a moment later leads nowhere; each redirect is looked at anew.
/// </summary>
sealed partial class PageFetcher : IDisposable
{
    const int MostBytes = 512 * 1024;
    const int MostRedirects = 5;
    static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    readonly SiteSettings _settings;
    readonly ILogger<PageFetcher> _logger;
    readonly HttpClient _http;

    public PageFetcher(SiteSettings settings, ILogger<PageFetcher> logger)
    {
        _settings = settings;
        _logger = logger;
        // Without a proxy: one would look the name up itself, and could be led into the private network.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectCallback = ConnectAsync, ConnectTimeout = TimeSpan.FromSeconds(5), MaxResponseHeadersLength = 32,
            AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"Discourse-Forum-Onebox/{ForumVersion.Current}");
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html, application/xhtml+xml, application/json;q=0.9");
    }

    /// <summary>Where connections may go. No setting and no variable changes it; tests of the fetcher set it, to reach their own server.</summary>
    internal Func<IPEndPoint, bool> MayConnect { get; set; } = PublicAddresses.Allows;

    /// <summary>Whether previews of this address are wanted at all. An empty list wants none, * all.</summary>
    public bool IsWanted(Uri address) => address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && _settings.List("allowed_onebox_hosts").Any(host =>
        host == "*" || address.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || (host.StartsWith("*.", StringComparison.Ordinal) && address.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)));

    /// <returns>Null when there is no page to be had; the log says why.</returns>
    public async Task<FetchedPage?> FetchAsync(Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Time);
        try
        {
            for (var turn = 0; turn <= MostRedirects; turn++)
            {
                if (!IsWanted(address))
                {
                    return null;
                }

                using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                {
                    address = new Uri(address, next);
                    continue;
                }

                return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml" or "application/json" or "application/json+oembed"
                    ? new FetchedPage(address, answer.Content.Headers.ContentType!.MediaType!, await ReadAsync(answer.Content, limit.Token)) : null;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or UriFormatException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogFailed(address, e.Message);
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = addresses.Select(address => new IPEndPoint(address, context.DnsEndPoint.Port)).Where(MayConnect).ToArray();
        if (allowed.Length == 0 || allowed.Length < addresses.Length)
        {
            // A name that leads to both kinds of addresses is an attempt.
            throw new IOException($"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port} is not on the public web");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed[0], cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The start of the body: what a preview needs stands in a page's head.</summary>
    static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MostBytes];
        var length = await stream.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No preview of {Address}: {Reason}")]
    partial void LogFailed(Uri address, string reason);
}
