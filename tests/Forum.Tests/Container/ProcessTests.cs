using System.Net.Sockets;
using System.Text;

namespace Forum.Tests.Container;

public sealed class ProcessTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task After_TERM_a_request_under_way_is_answered_new_ones_are_refused_and_the_program_ends_well()
    {
        await using var server = await ServerProcess.StartAsync(app, "serve", "/srv/status");
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port, ForumApp.Cancellation);
        var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /session HTTP/1.1\r\nHost: forum.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\nConnection: close\r\n\r\nlogin=some"), ForumApp.Cancellation);
        // The request has begun once the server counts it.
        using var http = new HttpClient { BaseAddress = server.Address };
        while (!(await http.GetStringAsync("/metrics", ForumApp.Cancellation)).Contains("discourse_active_app_reqs 2", StringComparison.Ordinal))
        {
            await Task.Delay(20, ForumApp.Cancellation);
        }

        await server.SignalAsync("TERM");
        while (!await server.RefusesConnectionsAsync())
        {
            await Task.Delay(20, ForumApp.Cancellation);
        }

        Assert.False(server.HasExited);
        await stream.WriteAsync("body123456"u8.ToArray(), ForumApp.Cancellation);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(ForumApp.Cancellation);
        Assert.StartsWith("HTTP/1.1 403", answer);
        Assert.Contains("BAD CSRF", answer);
        await server.WaitForExitAsync();
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task Under_load_TERM_cuts_no_answer_short()
    {
        await using var server = await ServerProcess.StartAsync(app, "serve", "/srv/status");
        var answers = new System.Collections.Concurrent.ConcurrentBag<string>();
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                while (await AskAsync(server.Address, ForumApp.Cancellation) is { } answer)
                {
                    answers.Add(answer);
                }
            },
            ForumApp.Cancellation)).ToArray();
        while (answers.Count < 100)
        {
            await Task.Delay(20, ForumApp.Cancellation);
        }

        await server.SignalAsync("TERM");
        await Task.WhenAll(load);
        await server.WaitForExitAsync();

        Assert.Equal(0, server.ExitCode);
        Assert.All(answers, answer =>
        {
            Assert.StartsWith("HTTP/1.1 ", answer);
            var length = System.Text.RegularExpressions.Regex.Match(answer, "Content-Length: (\\d+)");
            Assert.True(length.Success ? answer.Length == answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 + int.Parse(length.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
                : answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal), answer);
        });
    }

    /// <summary>One request on a connection of its own; null when the server takes none any more, which a connection that waited to be taken learns by its end.</summary>
    static async Task<string?> AskAsync(Uri address, CancellationToken cancellation)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(address.Host, address.Port, cancellation);
            await tcp.GetStream().WriteAsync("GET /latest.json HTTP/1.1\r\nHost: forum.test\r\nCookie: _bypass_cache=1\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
            return await reader.ReadToEndAsync(cancellation) is { Length: > 0 } answer ? answer : null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    [Fact]
    public async Task The_exporter_goes_on_answering_beside_a_server_that_hangs_and_one_that_is_dead()
    {
        await using var server = await ServerProcess.StartAsync(app, "serve", "/srv/status");
        await using var exporter = await ServerProcess.StartAsync(app, "exporter", "/ping");
        using var http = new HttpClient { BaseAddress = exporter.Address };
        while (!(await http.GetStringAsync("/metrics", ForumApp.Cancellation)).Contains("discourse_http_requests{", StringComparison.Ordinal))
        {
            await Task.Delay(100, ForumApp.Cancellation);
        }

        await server.SignalAsync("STOP");
        var hung = await http.GetStringAsync("/metrics", ForumApp.Cancellation);
        await server.SignalAsync("KILL");
        await server.WaitForExitAsync();
        var dead = await http.GetStringAsync("/metrics", ForumApp.Cancellation);

        foreach (var text in new[] { hung, dead })
        {
            Assert.Contains("discourse_http_requests{", text);
            Assert.Contains("discourse_postgres_primary_available", text);
            Assert.Contains("discourse_version_info{", text);
        }
    }
}
