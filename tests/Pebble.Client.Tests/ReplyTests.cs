using System.Net.Sockets;
using System.Text;

namespace Pebble.Client.Tests;

/// <summary>Answers that no daemon should give: each becomes an error that says what is wrong, never a crash.</summary>
public sealed class ReplyTests
{
    const string Change = """{"id": "1", "kind": "exec", "summary": "s", "status": "Done", "ready": true""";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "cannot parse the reply")]
    [InlineData("<html>", "cannot parse the reply")]
    [InlineData("[]", "cannot parse the reply")]
    [InlineData("null", "cannot parse the reply")]
    [InlineData("""{"type": "sync"}""", "has no result")]
    [InlineData("""{"result": null}""", "has no result")]
    [InlineData("""{"result": "text"}""", "cannot parse the reply")]
    [InlineData("""{"result": {"boot-id": "x"}}""", "\"version\" is missing")]
    [InlineData("""{"result": {"version": 5}}""", "cannot parse the reply")]
    public async Task System_info_that_is_none(string body, string message) =>
        Assert.Contains(message, (await Refused(body, client => client.GetSystemInfoAsync(Cancel))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"result": {}}""", "cannot parse the reply")]
    [InlineData("""{"result": [{"path": "/a"}]}""", "\"name\" is missing")]
    [InlineData("""{"result": [{"path": "/a", "name": "a", "permissions": "644", "size": "big"}]}""", "cannot parse the reply")]
    [InlineData("""{"result": [{"path": "/a", "name": "a", "permissions": "644", "last-modified": "today"}]}""", "cannot parse the reply")]
    [InlineData("""{"result": [{"path": "/a", "name": "a", "permissions": "644", "user-id": -1}]}""", "cannot parse the reply")]
    public async Task Files_that_are_none(string body, string message) =>
        Assert.Contains(message, (await Refused(body, client => client.ListFilesAsync("/a", null, true, Cancel))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"result": {"id": "1"}}""", "\"kind\" is missing")]
    [InlineData("{\"result\": " + Change + ", \"tasks\": {}}}", "cannot parse the reply")]
    [InlineData("{\"result\": " + Change + ", \"tasks\": [{\"id\": 7}]}}", "cannot parse the reply")]
    [InlineData("{\"result\": " + Change + ", \"data\": []}}", "cannot parse the reply")]
    [InlineData("{\"result\": " + Change + ", \"ready-time\": 5}}", "cannot parse the reply")]
    public async Task A_change_that_is_none(string body, string message) =>
        Assert.Contains(message, (await Refused(body, client => client.GetChangeAsync("1", Cancel))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"result": {"task-id": "1"}}""", "names no change")]
    [InlineData("""{"change": "1", "result": {}}""", "\"task-id\" is missing")]
    [InlineData("""{"change": 1, "result": {"task-id": "1"}}""", "cannot parse the reply")]
    public async Task An_exec_that_is_none(string body, string message) => Assert.Contains(
        message, (await Refused(body, client => client.ExecAsync(new ExecOptions { Command = ["x"] }, Cancel))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_not_given_is_null_or_empty()
    {
        var change = await Answered("{\"result\": " + Change + "}}", client => client.GetChangeAsync("1", Cancel));

        Assert.Equal((true, null, null, 0), (change.Ready, change.Err, change.Data, change.Tasks.Count));
    }

    [Theory]
    [InlineData("""{"result": {"message": "no such thing", "kind": "not-found"}}""", "no such thing", "not-found")]
    [InlineData("""{"result": {}}""", "no message", null)]
    [InlineData("""{"result": 5}""", "cannot parse the reply", null)]
    [InlineData("gateway down", "cannot parse the reply", null)]
    public async Task A_refusal_has_a_message_whatever_it_is(string body, string message, string? kind)
    {
        var error = await Assert.ThrowsAsync<PebbleApiException>(() => Answered(body, client => client.GetSystemInfoAsync(Cancel), "404 Not Found"));

        Assert.Equal((404, kind), (error.Code, error.Kind));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    static Task<PebbleProtocolException> Refused<T>(string body, Func<PebbleClient, Task<T>> ask) =>
        Assert.ThrowsAsync<PebbleProtocolException>(() => Answered(body, ask));

    /// <summary>Asks a socket that answers once with <paramref name="body"/>.</summary>
    static async Task<T> Answered<T>(string body, Func<PebbleClient, Task<T>> ask, string status = "200 OK")
    {
        var folder = Directory.CreateTempSubdirectory("replies-");
        try
        {
            var path = Path.Combine(folder.FullName, "s");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using var client = new PebbleClient(path);

            var asked = ask(client);
            using var connection = await listener.AcceptAsync(Cancel);
            await connection.ReceiveAsync(new byte[4096], Cancel);
            var bytes = Encoding.UTF8.GetBytes(body);
            await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), Cancel);
            await connection.SendAsync(bytes, Cancel);
            return await asked;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
