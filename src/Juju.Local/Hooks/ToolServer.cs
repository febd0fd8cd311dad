using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Juju.Local.HookTools;

namespace Juju.Local.Hooks;

/// <summary>A unit's socket for hook tools. The calls of a context are served one at a time.</summary>
sealed class ToolServer : IDisposable
{
    const int MaxWords = 100_000, MaxBytes = 64 * 1024 * 1024;

    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly SemaphoreSlim turn = new(1);
    readonly string path;
    HookContext? context;

    public ToolServer(string path)
    {
        this.path = path;
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(64);

        // A charm may run its own programs as other users; the context's id, which they cannot guess, is what lets them in.
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("666", 8));
    }

    /// <summary>The turn whose tools are answered; null between turns.</summary>
    public HookContext? Context
    {
        get => Volatile.Read(ref context);
        set => Volatile.Write(ref context, value);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var connection = await listener.AcceptAsync(cancellation);
            _ = ServeAsync(connection, cancellation);
        }
    }

    async Task ServeAsync(Socket connection, CancellationToken cancellation)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            var words = await ReadWordsAsync(stream, cancellation);
            if (words is not [var name, var id, .. var arguments])
            {
                return;
            }

            await turn.WaitAsync(cancellation);
            try
            {
                var result = await AnswerAsync(stream, name, id, arguments, cancellation);
                await SendAsync(stream, 'o', Encoding.UTF8.GetBytes(result.Output), cancellation);
                await SendAsync(stream, 'e', Encoding.UTF8.GetBytes(result.Error), cancellation);
                await SendAsync(stream, 'x', Encoding.ASCII.GetBytes($"{result.ExitCode}"), cancellation);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The tool was killed, or the controller ends.
        }
    }

    async Task<ToolResult> AnswerAsync(NetworkStream stream, string name, string id, string[] arguments, CancellationToken cancellation)
    {
        if (Context is not { } current || current.Id != id)
        {
            return new ToolResult("", $"ERROR bad request: expected context id \"{Context?.Id ?? ""}\", got \"{id}\"\n", 1);
        }

        return await ToolTable.RunAsync(
            current,
            new ToolCall(name, arguments, (file, token) => ExchangeAsync(stream, 'r', Encoding.UTF8.GetBytes(file), token), WriteAsync),
            cancellation);

        Task WriteAsync(string file, byte[] content, CancellationToken token)
        {
            var path = Encoding.UTF8.GetBytes(file);
            var message = new byte[4 + path.Length + content.Length];
            BinaryPrimitives.WriteInt32BigEndian(message, path.Length);
            path.CopyTo(message, 4);
            content.CopyTo(message, 4 + path.Length);
            return ExchangeAsync(stream, 'w', message, token);
        }
    }

    static async Task<byte[]> ExchangeAsync(NetworkStream stream, char kind, byte[] message, CancellationToken cancellation)
    {
        await SendAsync(stream, kind, message, cancellation);
        var head = new byte[5];
        await stream.ReadExactlyAsync(head, cancellation);
        var answer = new byte[CheckLength(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)))];
        await stream.ReadExactlyAsync(answer, cancellation);
        return head[0] == 'd' ? answer : throw new ToolException(Encoding.UTF8.GetString(answer));
    }

    static async Task SendAsync(NetworkStream stream, char kind, byte[] bytes, CancellationToken cancellation)
    {
        if (bytes.Length == 0 && kind is not 'x' and not 'r' and not 'w')
        {
            return;
        }

        var message = new byte[5 + bytes.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), bytes.Length);
        bytes.CopyTo(message, 5);
        await stream.WriteAsync(message, cancellation);
    }

    static async Task<string[]> ReadWordsAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var number = new byte[4];
        await stream.ReadExactlyAsync(number, cancellation);
        var count = BinaryPrimitives.ReadInt32BigEndian(number);
        var words = new string[count is >= 0 and <= MaxWords ? count : throw new IOException("too many words")];
        for (var i = 0; i < words.Length; i++)
        {
            await stream.ReadExactlyAsync(number, cancellation);
            var word = new byte[CheckLength(BinaryPrimitives.ReadInt32BigEndian(number))];
            await stream.ReadExactlyAsync(word, cancellation);
            words[i] = Encoding.UTF8.GetString(word);
        }

        return words;
    }

    static int CheckLength(int length) => length is >= 0 and <= MaxBytes ? length : throw new IOException("message too long");

    public void Dispose()
    {
        listener.Dispose();
        turn.Dispose();
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
