using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using Forum.Database;

namespace Forum.Redis;

/// <summary>
/// Redis for the whole program: one connection shared by all, made again when it is lost, with its subscriptions. While
/// Redis is down a command fails at once, but for one attempt every half second.
/// </summary>
sealed partial class RedisClient(RedisOptions options, TimeProvider time, ILogger<RedisClient> logger) : IAsyncDisposable
{
    static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    readonly SemaphoreSlim _opening = new(1, 1);
    readonly ConcurrentDictionary<string, Action<string, byte[]>> _subscriptions = new();
    readonly CancellationTokenSource _closing = new();
    volatile RedisConnection? _connection;
    long _lastAttempt;
    int _failures;
    bool _wasLost;

    /// <summary>Whether the last command found Redis there.</summary>
    public bool IsAvailable => _connection?.IsOpen == true;

    /// <summary>How often the connection was lost or could not be made.</summary>
    public int Failures => _failures;

    /// <summary>Keys of our own; upstream has them under this namespace too.</summary>
    public static string Key(string name) => "default:" + name;

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="RedisUnavailableException">Redis can't be reached, or took too long.</exception>
    /// <exception cref="RedisErrorException">Redis answered with an error.</exception>
    public async Task<RedisReply> SendAsync(RedisArgument[] command, CancellationToken cancellation)
    {
        using var cost = RequestCosts.Redis();
        var connection = _connection is { IsOpen: true } open ? open : await ConnectAsync(cancellation);
        try
        {
            var reply = await connection.SendAsync(command).WaitAsync(options.Timeout, time, cancellation);
            return reply.IsError ? throw new RedisErrorException(reply.Text ?? "") : reply;
        }
        catch (TimeoutException e)
        {
            // Replies come in order: one that is late makes all after it late, so start again.
            await connection.DisposeAsync();
            throw new RedisUnavailableException("Redis did not answer in time", e);
        }
    }

    /// <summary>Calls <paramref name="handle"/> for each message on a channel, from now on and after every reconnection. It must not wait.</summary>
    public async Task SubscribeAsync(string channel, Action<string, byte[]> handle, CancellationToken cancellation)
    {
        _subscriptions[channel] = handle;
        var connection = _connection is { IsOpen: true } open ? open : await ConnectAsync(cancellation);
        connection.Subscribe(channel);
    }

    /// <summary>Makes the connection if it is lost, so that subscriptions go on while no command is sent.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        if (_connection is not { IsOpen: true })
        {
            await ConnectAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _opening.Dispose();
        _closing.Dispose();
    }

    async Task<RedisConnection> ConnectAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            if (_wasLost && time.GetElapsedTime(_lastAttempt) < BetweenAttempts)
            {
                throw new RedisUnavailableException($"Redis at {options.Host}:{options.Port} is down");
            }

            _lastAttempt = time.GetTimestamp();
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
            timeout.CancelAfter(options.Timeout);
            var connection = await RedisConnection.OpenAsync(options, Dispatch, timeout.Token);
            foreach (var channel in _subscriptions.Keys)
            {
                connection.Subscribe(channel);
            }

            _connection = connection;
            if (_wasLost)
            {
                LogBack(options.Host, options.Port);
            }

            _wasLost = false;
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Interlocked.Increment(ref _failures);
            if (!_wasLost)
            {
                LogLost(options.Host, options.Port, e.Message);
            }

            _wasLost = true;
            throw new RedisUnavailableException($"cannot reach Redis at {options.Host}:{options.Port}: {e.Message}", e);
        }
        finally
        {
            _opening.Release();
        }
    }

    void Dispatch(RedisReply push)
    {
        if (push.Items is [{ Text: "message" }, { Text: { } channel }, { Bytes: { } message }] && _subscriptions.TryGetValue(channel, out var handle))
        {
            handle(channel, message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost Redis at {Host}:{Port}: {Reason}")]
    partial void LogLost(string host, int port, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reached Redis at {Host}:{Port} again")]
    partial void LogBack(string host, int port);
}
