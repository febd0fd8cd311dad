using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Redis;

namespace Forum.MessageBus;

/// <summary>
/// Tells readers of all units what has changed. A channel's newest messages wait in Redis; publishing wakes the polls of
/// every unit.
/// </summary>
sealed partial class MessageBus(RedisClient redis, RedisOptions options, ILogger<MessageBus> logger)
{
    const int MostWaiting = 100;
    const int BacklogSeconds = 7 * 24 * 3600;

    /// <summary>Numbers a message, keeps it and wakes everyone, in one step.</summary>
    const string Script = """
        local global_id = redis.call('INCR', KEYS[1])
        local id = redis.call('INCR', KEYS[2])
        local message = global_id .. ' ' .. id .. ' ' .. ARGV[1]
        redis.call('ZADD', KEYS[3], id, message)
        redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - tonumber(ARGV[2]))
        redis.call('EXPIRE', KEYS[3], tonumber(ARGV[3]))
        redis.call('PUBLISH', ARGV[4], ARGV[5])
        return id
        """;

    readonly ConcurrentDictionary<Guid, (HashSet<string> Channels, TaskCompletionSource Wake)> _polls = new();

    // Publishing knows no database numbers, so the channel's name holds it.
    string Wake => $"default:bus:wake:{options.Database}";

    /// <summary>Listens for what other units publish; again after Redis was away.</summary>
    public Task ListenAsync(CancellationToken cancellation) => redis.SubscribeAsync(Wake, (_, message) => Awaken(Encoding.UTF8.GetString(message)), cancellation);

    /// <summary>Publishes; when Redis is down readers learn of the change when they next load the page.</summary>
    public async Task PublishAsync(string channel, JsonNode? data, BusAudience audience, CancellationToken cancellation)
    {
        var body = new JsonObject { ["channel"] = channel, ["data"] = data?.DeepClone() };
        if (audience.UserIds.Count > 0)
        {
            body["user_ids"] = new JsonArray([.. audience.UserIds.Select(id => (JsonNode?)id)]);
        }

        if (audience.GroupIds.Count > 0)
        {
            body["group_ids"] = new JsonArray([.. audience.GroupIds.Select(id => (JsonNode?)id)]);
        }

        try
        {
            await redis.SendAsync(
            [
                "EVAL", Script, 3, RedisClient.Key("bus:global"), IdKey(channel), BacklogKey(channel), body.ToJsonString(), MostWaiting, BacklogSeconds, Wake, channel,
            ], cancellation);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogLost(channel, e.Message);
        }
    }

    /// <summary>The number of the channel's newest message; 0 when there was none.</summary>
    public async Task<long> LastIdAsync(string channel, CancellationToken cancellation) => (await redis.SendAsync(["GET", IdKey(channel)], cancellation)).AsNumber;

    /// <summary>As <see cref="LastIdAsync"/> for many channels in one command; a poll names a dozen.</summary>
    public async Task<long[]> LastIdsAsync(IReadOnlyCollection<string> channels, CancellationToken cancellation)
    {
        if (channels.Count == 0)
        {
            return [];
        }

        var reply = await redis.SendAsync(["MGET", .. channels.Select(channel => (RedisArgument)IdKey(channel))], cancellation);
        return [.. (reply.Items ?? []).Select(item => item.AsNumber)];
    }

    /// <summary>As <see cref="LastIdAsync"/>; 0 when Redis is away, so that a page is shown without it.</summary>
    public async Task<long> LastIdOrZeroAsync(string channel, CancellationToken cancellation)
    {
        try
        {
            return await LastIdAsync(channel, cancellation);
        }
        catch (RedisUnavailableException)
        {
            return 0;
        }
    }

    public async Task<IReadOnlyList<BusMessage>> BacklogAsync(string channel, long after, CancellationToken cancellation)
    {
        var reply = await redis.SendAsync(["ZRANGEBYSCORE", BacklogKey(channel), "(" + after.ToString(System.Globalization.CultureInfo.InvariantCulture), "+inf"], cancellation);
        return [.. (reply.Items ?? []).Select(item => BusMessage.Parse(item.Text ?? "")).OfType<BusMessage>()];
    }

    /// <summary>Waits until something is published on one of the channels. Begin before looking at the backlog, so that nothing falls in between.</summary>
    public Waiting Wait(IEnumerable<string> channels)
    {
        var id = Guid.NewGuid();
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _polls[id] = ([.. channels], wake);
        return new Waiting(this, id, wake.Task);
    }

    void Awaken(string channel)
    {
        foreach (var (channels, wake) in _polls.Values)
        {
            if (channels.Contains(channel))
            {
                wake.TrySetResult();
            }
        }
    }

    static string IdKey(string channel) => RedisClient.Key("bus:id:" + channel);

    static string BacklogKey(string channel) => RedisClient.Key("bus:backlog:" + channel);

    internal sealed class Waiting(MessageBus bus, Guid id, Task published) : IDisposable
    {
        public Task Published => published;

        public void Dispose() => bus._polls.TryRemove(id, out _);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not publish on {Channel}: {Reason}")]
    partial void LogLost(string channel, string reason);
}
