using System.Net.Sockets;
using System.Text;

namespace Pebble.Tests.Api;

public sealed class HttpTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    /// <summary>Sends bytes as they are, and reads until the daemon closes or <paramref name="replies"/> heads have come.</summary>
    async Task<string> RawAsync(string request, int replies = 1, bool halfClose = false)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.SocketPath));
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (SocketException)
        {
            // It had enough before the end; its answer is there all the same.
        }

        if (halfClose)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var text = "";
        var buffer = new byte[65536];
        int count;
        while (text.Split("HTTP/1.1 ").Length - 1 < replies && (count = await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token)) > 0)
        {
            text += Encoding.UTF8.GetString(buffer, 0, count);
        }

        return text;
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET /v1/system-info HTTP/1.1\r\nno colon\r\n\r\n")]
    [InlineData("GET /v1/system-info HTTP/1.1\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("GET /v1/system-info HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("GET /v1/system-info HTTP/1.1\r\n bad: fold\r\n\r\n")]
    public async Task What_is_not_http_is_refused(string request)
    {
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", await RawAsync(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        Assert.StartsWith("HTTP/1.1 431 ", await RawAsync("GET / HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('y', 1000) + "\r\n", 1100))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_may_follow_each_other_at_once()
    {
        const string Get = "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n";

        Assert.Equal(3, (await RawAsync(Get + Get + Get, replies: 3)).Split("{\"healthy\":true}").Length - 1);
    }

    [Fact]
    public async Task A_half_closed_client_still_gets_its_answer()
    {
        Assert.Contains("\"healthy\":true", await RawAsync("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", halfClose: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_client_gets_an_answer_and_an_end()
    {
        var reply = await RawAsync("GET /v1/health HTTP/1.0\r\n\r\n", replies: 2);

        Assert.Contains("Connection: close", reply, StringComparison.Ordinal);
        Assert.Contains("\"healthy\":true", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_may_come_in_chunks()
    {
        var reply = await RawAsync("POST /v1/services HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"action\"\r\n8;x=y\r\n:\"none\"}\r\n0\r\nTrailer: t\r\n\r\n");

        Assert.Contains("must specify services for none action", reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh")]
    [InlineData("Content-Length: 100\r\n\r\n{\"action\":")]
    public async Task A_broken_body_is_refused(string rest)
    {
        Assert.Contains("400 Bad Request", await RawAsync($"POST /v1/services HTTP/1.1\r\nHost: x\r\n{rest}", halfClose: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_may_ask_before_it_sends()
    {
        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\n", await RawAsync("POST /v1/services HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_body_that_nobody_reads_ends_the_connection_only()
    {
        await RawAsync("POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + new string('x', 100_000));

        Assert.Equal(200, (await daemon.GetAsync("/v1/health")).Status);
    }

    [Fact]
    public async Task Clients_that_come_and_go_leave_nothing_open()
    {
        var before = daemon.OpenDescriptors();
        for (var round = 0; round < 100; round++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.SocketPath), TestContext.Current.CancellationToken);
            if (round % 2 == 0)
            {
                await socket.SendAsync("GET /v1/logs?follow=true HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            }
        }

        await TestDaemon.UntilAsync(() => daemon.OpenDescriptors() <= before + 2);
    }

    [Fact]
    public async Task Encoded_paths_and_queries_are_decoded()
    {
        Assert.Equal("cannot find change with id \"a b\"", (await daemon.GetAsync("/v1/changes/a%20b")).Message);
        Assert.Equal("invalid format \"a b&c\"", (await daemon.GetAsync("/v1/plan?format=a+b%26c")).Message);
    }
}
