using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Pebble.Tests.Exec;

/// <summary>One command with its websockets, spoken to as a client does.</summary>
sealed class ExecSession : IAsyncDisposable
{
    readonly TestDaemon daemon;
    readonly Dictionary<string, ClientWebSocket> sockets = [];

    ExecSession(TestDaemon daemon, Answer answer)
    {
        this.daemon = daemon;
        Answer = answer;
    }

    public Answer Answer { get; }

    public string TaskId => Answer.Result.GetProperty("task-id").GetString()!;

    /// <summary>Starts a command and connects control and stdio, and stderr if it is apart.</summary>
    public static async Task<ExecSession> StartAsync(TestDaemon daemon, string command, string more = "")
    {
        var session = await PostAsync(daemon, $$"""{"command": ["sh", "-c", {{TestDaemon.Json(command)}}]{{more}}}""");
        await session.ConnectAsync("control");
        await session.ConnectAsync("stdio");
        if (more.Contains("split-stderr", StringComparison.Ordinal))
        {
            await session.ConnectAsync("stderr");
        }

        return session;
    }

    public static async Task<ExecSession> PostAsync(TestDaemon daemon, string json)
    {
        var answer = await daemon.PostAsync("/v1/exec", json);
        Assert.True(answer.Status == 202, answer.Text);
        return new ExecSession(daemon, answer);
    }

    public async Task ConnectAsync(string name)
    {
        var socket = new ClientWebSocket();
        sockets[name] = socket;
        using var invoker = new HttpMessageInvoker(TestDaemon.MakeHandler(daemon.SocketPath));
        await socket.ConnectAsync(new Uri($"ws://localhost/v1/tasks/{TaskId}/websocket/{name}"), invoker, Limit());
    }

    public Task SendAsync(string text) => sockets["stdio"].SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Binary, true, Limit());

    public Task EndInputAsync() => sockets["stdio"].SendAsync("""{"command":"end"}"""u8.ToArray(), WebSocketMessageType.Text, true, Limit());

    public Task ControlAsync(string json) => sockets["control"].SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, Limit());

    /// <summary>Reads until the text that ends the stream, or until <paramref name="enough"/> has come.</summary>
    public async Task<string> ReadAsync(string name = "stdio", string? enough = null)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        while (true)
        {
            var result = await sockets[name].ReceiveAsync(buffer, Limit());
            if (result.MessageType != WebSocketMessageType.Binary)
            {
                Assert.Equal("""{"command":"end"}""", Encoding.UTF8.GetString(buffer, 0, result.Count));
                return text.ToString();
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            if (enough is not null && text.ToString().Contains(enough, StringComparison.Ordinal))
            {
                return text.ToString();
            }
        }
    }

    public Task<JsonElement> ChangeAsync() => daemon.WaitAsync(Answer.Change!);

    public async Task<int> ExitCodeAsync() => (await ChangeAsync()).GetProperty("tasks")[0].GetProperty("data").GetProperty("exit-code").GetInt32();

    /// <summary>Goes without a word.</summary>
    public void Drop(string name) => sockets[name].Abort();

    public ValueTask DisposeAsync()
    {
        foreach (var socket in sockets.Values)
        {
            socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
