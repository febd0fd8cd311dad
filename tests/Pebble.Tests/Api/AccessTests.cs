using System.Net;
using System.Net.Sockets;
using System.Text;
using Pebble.Accounts;
using Pebble.Processes;

namespace Pebble.Tests.Api;

public sealed class AccessTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    /// <summary>The first line of what an ordinary user gets. Needs root, to become one for a thread's length.</summary>
    string AsNobody(string request)
    {
        File.SetUnixFileMode(daemon.Folder, (UnixFileMode)0x1ED);
        var reply = "";
        var thread = new Thread(() =>
        {
            ThreadCredentials.Become(new Ownership(65534, 65534), "test");
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(daemon.SocketPath));
            socket.Send(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"));
            var buffer = new byte[65536];
            int count;
            while ((count = socket.Receive(buffer)) > 0)
            {
                reply += Encoding.UTF8.GetString(buffer, 0, count);
            }
        });
        thread.Start();
        thread.Join();
        return reply;
    }

    [Theory]
    [InlineData("GET /v1/system-info", 200)]
    [InlineData("GET /v1/health", 200)]
    [InlineData("GET /v1/services", 200)]
    [InlineData("GET /v1/changes", 200)]
    [InlineData("GET /v1/checks", 200)]
    [InlineData("GET /v1/notices", 200)]
    [InlineData("GET /v1/identities", 200)]
    [InlineData("GET /v1/metrics", 200)]
    [InlineData("GET /v1/logs", 200)]
    [InlineData("GET /v1/plan?format=yaml", 401)]
    [InlineData("GET /v1/files?action=list&path=/", 401)]
    [InlineData("GET /v1/tasks/1/websocket/stdio", 401)]
    [InlineData("POST /v1/services", 401)]
    [InlineData("POST /v1/layers", 401)]
    [InlineData("POST /v1/exec", 401)]
    [InlineData("POST /v1/files", 401)]
    [InlineData("POST /v1/signals", 401)]
    [InlineData("POST /v1/checks", 401)]
    [InlineData("POST /v1/checks/refresh", 401)]
    [InlineData("POST /v1/changes/1", 401)]
    [InlineData("POST /v1/identities", 401)]
    [InlineData("POST /v1/pairing", 401)]
    [InlineData("PUT /v1/services", 405)]
    public void Ordinary_users_may_read_what_is_not_secret(string request, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", AsNobody(request), StringComparison.Ordinal);
    }

    [Fact]
    public void A_denial_says_to_log_in()
    {
        Assert.EndsWith("""{"type":"error","status-code":401,"status":"Unauthorized","result":{"message":"access denied","kind":"login-required"}}""",
            AsNobody("GET /v1/plan"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_answers_only_open_paths()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        await using var open = await TestDaemon.StartNewAsync(null, "--hold", "--http", address);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}") };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/health", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains($"\"http-address\":\"{address}\"", await client.GetStringAsync("/v1/system-info", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/services", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/metrics", TestContext.Current.CancellationToken)).StatusCode);
        await open.PostAsync("/v1/identities", """{"action":"add","identities":{"m":{"access":"metrics","local":{"user-id":4711}}}}""");
    }

    [Fact]
    public async Task Https_shows_a_certificate_that_stays()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        await using var open = await TestDaemon.StartNewAsync(null, "--hold", "--https", address);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://{address}") };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/health", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/plan?format=yaml", TestContext.Current.CancellationToken)).StatusCode);
        Assert.True(File.Exists(open.PathOf("identity/key.pem")));
    }
}
