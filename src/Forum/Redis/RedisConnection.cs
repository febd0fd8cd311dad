using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;

namespace Forum.Redis;

/// <summary>One socket. Commands of many requests are written as they come and answered in order; writes are gathered into one send.</summary>
sealed class RedisConnection : IAsyncDisposable
{
    readonly Stream _stream;
    readonly Lock _lock = new();
    readonly Queue<TaskCompletionSource<RedisReply>> _waiting = new();
    readonly SemaphoreSlim _toSend = new(0, 1);
    readonly CancellationTokenSource _closing = new();
    ArrayBufferWriter<byte> _pending = new();
    ArrayBufferWriter<byte> _sending = new();
    Exception? _failure;
    Task _loops = Task.CompletedTask;

    RedisConnection(Stream stream)
    {
        _stream = stream;
    }

    public bool IsOpen => _failure is null;

    /// <summary>Publish-subscribe messages; called from the reading loop, so it must not wait.</summary>
    public Action<RedisReply>? Pushed { get; set; }

    public static async Task<RedisConnection> OpenAsync(RedisOptions options, Action<RedisReply> pushed, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellation);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.UseSsl)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = options.Host }, cancellation);
                stream = secure;
            }

            var connection = new RedisConnection(stream) { Pushed = pushed };
            connection.Start();
            await connection.GreetAsync(options);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command; the reply comes when Redis has answered all before it.</summary>
    public Task<RedisReply> SendAsync(ReadOnlySpan<RedisArgument> command)
    {
        var reply = new TaskCompletionSource<RedisReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_failure is not null)
            {
                return Task.FromException<RedisReply>(new RedisUnavailableException("the connection to Redis is lost", _failure));
            }

            Write(_pending, command);
            _waiting.Enqueue(reply);
            if (_toSend.CurrentCount == 0)
            {
                _toSend.Release();
            }
        }

        return reply.Task;
    }

    /// <summary>Subscribes to a channel. What Redis says to that comes as a message, not as a reply, so nothing waits for it.</summary>
    public void Subscribe(string channel)
    {
        lock (_lock)
        {
            if (_failure is null)
            {
                Write(_pending, ["SUBSCRIBE", channel]);
                if (_toSend.CurrentCount == 0)
                {
                    _toSend.Release();
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Fail(new RedisUnavailableException("the connection to Redis was closed"));
        await _loops;
        _closing.Dispose();
        _toSend.Dispose();
    }

    void Start() => _loops = Task.WhenAll(Task.Run(WriteLoopAsync), Task.Run(ReadLoopAsync));

    async Task GreetAsync(RedisOptions options)
    {
        RedisArgument[] hello = options.Password is { } password
            ? ["HELLO", 3, "AUTH", options.Username ?? "default", password]
            : ["HELLO", 3];
        var reply = await SendAsync(hello);
        if (reply.IsError)
        {
            throw new RedisUnavailableException($"Redis refused the connection: {reply.Text}");
        }

        if (options.Database != 0)
        {
            reply = await SendAsync(["SELECT", options.Database]);
            if (reply.IsError)
            {
                throw new RedisUnavailableException($"Redis refused the database {options.Database.ToString(CultureInfo.InvariantCulture)}: {reply.Text}");
            }
        }
    }

    async Task WriteLoopAsync()
    {
        try
        {
            while (true)
            {
                await _toSend.WaitAsync(_closing.Token);
                lock (_lock)
                {
                    (_pending, _sending) = (_sending, _pending);
                }

                await _stream.WriteAsync(_sending.WrittenMemory, _closing.Token);
                _sending.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            Fail(e);
        }
    }

    async Task ReadLoopAsync()
    {
        var reader = new RespReader(PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024)));
        try
        {
            while (await reader.ReadAsync(_closing.Token) is { } reply)
            {
                if (reply.IsPush)
                {
                    Pushed?.Invoke(reply);
                    continue;
                }

                TaskCompletionSource<RedisReply>? waiting;
                lock (_lock)
                {
                    _waiting.TryDequeue(out waiting);
                }

                waiting?.TrySetResult(reply);
            }

            Fail(new IOException("Redis closed the connection"));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException or RedisUnavailableException)
        {
            Fail(e);
        }
    }

    void Fail(Exception cause)
    {
        TaskCompletionSource<RedisReply>[] lost;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = cause;
            lost = [.. _waiting];
            _waiting.Clear();
        }

        _closing.Cancel();
        _stream.Dispose();
        foreach (var waiting in lost)
        {
            waiting.TrySetException(new RedisUnavailableException("the connection to Redis is lost", cause));
        }
    }

    static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<RedisArgument> command)
    {
        Header(buffer, (byte)'*', command.Length);
        foreach (var argument in command)
        {
            Header(buffer, (byte)'$', argument.Bytes.Length);
            buffer.Write(argument.Bytes.Span);
            buffer.Write("\r\n"u8);
        }
    }

    static void Header(ArrayBufferWriter<byte> buffer, byte type, int number)
    {
        Span<byte> line = stackalloc byte[16];
        line[0] = type;
        number.TryFormat(line[1..], out var length, provider: CultureInfo.InvariantCulture);
        buffer.Write(line[..(length + 1)]);
        buffer.Write("\r\n"u8);
    }
}
