using System.Net.Sockets;
using System.Text;

namespace Pebble.Tests.Api;

/// <summary>Requests that are odd or hostile: each gets a clear answer, and the daemon goes on.</summary>
public sealed class RequestFormTests(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    readonly TestDaemon daemon = shared.Daemon;

    [Theory]
    [InlineData("//v1/system-info", "/v1/system-info")]
    [InlineData("/v1/../v1/./health?level=alive", "/v1/health?level=alive")]
    public async Task A_path_that_is_not_clean_leads_to_the_clean_one(string path, string location)
    {
        var reply = await RawAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 301 ", reply, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location}\r\n", reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"action\":\"fo\\ud800o\"}")]
    [InlineData("{\"action\":\"fo\\udc00\\ud800o\"}")]
    [InlineData("{\"action\":\"\\\\ud800\", \"services\": [\"\\ud83d\\ude00\"]}")]
    public async Task Half_a_surrogate_pair_is_only_a_strange_character(string json) =>
        Assert.Equal(400, (await daemon.PostAsync("/v1/services", json)).Status);

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_only_strange_characters()
    {
        var content = new ByteArrayContent([.. "{\"action\":\""u8, 0xff, 0xfe, .. "\",\"services\":[\"a\"]}"u8]);

        var answer = await Answer.ReadAsync(await daemon.Client.PostAsync("/v1/services", content, TestContext.Current.CancellationToken));

        Assert.Equal((400, "invalid action \"\ufffd\ufffd\""), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("/v1/signals", """{"signal":1}""", "cannot decode request body: json: cannot unmarshal number into Go struct field signalsPayload.signal of type string")]
    [InlineData("/v1/exec", "[]", "cannot decode request body: json: cannot unmarshal array into Go value of type daemon.execPayload")]
    [InlineData("/v1/files", """{"action":"make-dirs","dirs":[{"path":1}]}""", "cannot decode request body: json: cannot unmarshal number into Go struct field makeDirsItem.dirs.path of type string")]
    [InlineData("/v1/files", """{"action":"remove","paths":["x"]}""", "cannot decode request body: json: cannot unmarshal string into Go struct field .paths of type daemon.removePathsItem")]
    [InlineData("/v1/identities", """{"action":"add","identities":{"x":{"access":"admin","local":{"user-id":-1}}}}""", "cannot decode request body: json: cannot unmarshal number -1 into Go struct field apiLocalIdentity.identities.local.user-id of type uint32")]
    [InlineData("/v1/identities", """{"action":"add","identities":{"c":{"access":"admin","cert":{"pem":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}}}}""", "invalid identity for \"c\": cannot parse certificate from cert identity: x509: malformed certificate")]
    [InlineData("/v1/notices", """{"action":"add","type":"custom","key":"a.b/d","data":{"k":1}}""", "cannot decode notice data: json: cannot unmarshal number into Go value of type string")]
    public async Task A_wrong_type_is_named(string path, string json, string message)
    {
        var answer = await daemon.PostAsync(path, json);

        Assert.Equal((400, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Many_clients_that_never_finish_a_request_keep_nobody_else_waiting_and_leave_nothing_behind()
    {
        await StallAsync(20);
        var before = daemon.OpenDescriptors();

        await StallAsync(200);

        // Not to the last one: the runtime opens some of its own now and then.
        await TestDaemon.UntilAsync(() => daemon.OpenDescriptors() < before + 50);
    }

    async Task StallAsync(int clients)
    {
        var slow = new List<Socket>();
        for (var number = 0; number < clients; number++)
        {
            var socket = await ConnectAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes(number % 2 == 0
                ? "POST /v1/services HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
                : "GET /v1/hea"));
            slow.Add(socket);
        }

        Assert.Equal(200, (await daemon.GetAsync("/v1/health")).Status);
        slow.ForEach(socket => socket.Dispose());
    }

    async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.SocketPath));
        return socket;
    }

    async Task<string> RawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync();
    }
}
