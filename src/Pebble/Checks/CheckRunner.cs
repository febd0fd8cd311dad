using System.Net.Sockets;
using System.Text;
using Pebble.Accounts;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.Processes;

namespace Pebble.Checks;

/// <summary>Runs a check once.</summary>
sealed class CheckRunner(Daemon daemon)
{
    const int MostErrorBytes = 512;
    const int MostErrorLines = 5;
    const int Kill = 9;

    /// <summary>The longest time a timer takes.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>How long a check's children may hold its output open after its end.</summary>
    static readonly TimeSpan OutputDelay = TimeSpan.FromSeconds(1);

    readonly Lazy<HttpClient> http = new(() => new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90), MaxAutomaticRedirections = 10 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    /// <summary>Null when all is well, else what is wrong.</summary>
    public async Task<string?> RunAsync(CheckConfig check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(check.EffectiveTimeout < Longest ? check.EffectiveTimeout : Longest);
        try
        {
            return check switch
            {
                { Http: { } each } => await HttpAsync(each, limit.Token),
                { Tcp: { } each } => await TcpAsync(each, limit.Token),
                { Exec: { } each } => await ExecAsync(each, limit.Token),
                _ => "check has no type",
            };
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested ? "check was stopped" : $"check timed out after {GoDuration.Format(check.EffectiveTimeout)}";
        }
    }

    async Task<string?> HttpAsync(HttpCheck check, CancellationToken cancellation)
    {
        var scheme = check.Url.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? check.Url[..end].ToLowerInvariant() : "";
        if (scheme is not ("http" or "https"))
        {
            return $"Get {GoQuote.Quote(check.Url)}: unsupported protocol scheme {GoQuote.Quote(scheme)}";
        }

        if (!Uri.TryCreate(check.Url, UriKind.Absolute, out var uri))
        {
            return $"cannot build request: parse {GoQuote.Quote(check.Url)}: invalid URL";
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            foreach (var (name, value) in check.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return null;
            }

            var error = $"non-2xx status code {(int)response.StatusCode}";
            var body = await ReadStartAsync(response.Content, cancellation);
            return body.Length > 0 ? $"{error}; {body}" : error;
        }
        catch (HttpRequestException e)
        {
            return $"Get {GoQuote.Quote(check.Url)}: {HttpFailure.Of(e, uri)}";
        }
    }

    static async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellation)
    {
        var bytes = new byte[MostErrorBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        var lines = Encoding.UTF8.GetString(bytes, 0, count).Trim().Split('\n');
        return string.Join('\n', lines.Length > MostErrorLines ? [.. lines[..MostErrorLines], "(...)"] : lines);
    }

    static async Task<string?> TcpAsync(TcpCheck check, CancellationToken cancellation)
    {
        var host = check.Host.Or("localhost");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, check.Port, cancellation);
            return null;
        }
        catch (SocketException e)
        {
            return HttpFailure.Of(e, host, check.Port);
        }
        catch (ArgumentOutOfRangeException)
        {
            return $"dial tcp: address {check.Port}: invalid port";
        }
    }

    async Task<string?> ExecAsync(ExecCheck check, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(daemon.BaseEnvironment);
        foreach (var (name, value) in check.Environment)
        {
            environment[name] = value;
        }

        ChildProcess process;
        AsyncDescriptor output;
        try
        {
            var words = ShellWords.Split(check.Command);
            var request = new SpawnRequest
            {
                Executable = Executables.Find(words[0], daemon.BaseEnvironment),
                Arguments = words,
                Environment = environment,
                WorkingFolder = check.WorkingDir,
                Identity = Ownership.Of(check.UserId, check.User, check.GroupId, check.Group),
            };
            (process, output) = SpawnWithOutput(request);
        }
        catch (Exception e) when (e is SpawnError or FormatException or AccountException)
        {
            return e.Message;
        }

        return await WatchAsync(process, output, cancellation);
    }

    (ChildProcess Process, AsyncDescriptor Output) SpawnWithOutput(SpawnRequest request)
    {
        var (readEnd, writeEnd) = Descriptors.Pipe();
        try
        {
            var process = daemon.Reaper.Spawn(request with { Output = writeEnd, Error = writeEnd });
            return (process, new AsyncDescriptor(daemon.Events, readEnd));
        }
        catch (SpawnError)
        {
            _ = Libc.close(readEnd);
            throw;
        }
        finally
        {
            _ = Libc.close(writeEnd);
        }
    }

    async Task<string?> WatchAsync(ChildProcess process, AsyncDescriptor output, CancellationToken cancellation)
    {
        using var owned = output;
        var tail = new OutputTail(MostErrorBytes);
        var reading = tail.ReadAsync(output);
        using var killing = cancellation.Register(() => process.Signal(Kill));
        var exitCode = await process.Exit;
        if (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(OutputDelay, daemon.Clock, CancellationToken.None));
            output.Dispose();
            await reading;
        }

        cancellation.ThrowIfCancellationRequested();
        if (exitCode == 0)
        {
            return null;
        }

        var details = tail.LastLines(MostErrorLines);
        return details.Length > 0 ? $"exit status {exitCode}; {details}" : $"exit status {exitCode}";
    }
}
