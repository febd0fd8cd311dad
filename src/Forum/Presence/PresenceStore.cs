using Forum.Redis;

namespace Forum.Presence;

/// <summary>Who is in a channel before and after something happened to it.</summary>
sealed record PresenceChange(HashSet<int> Before, HashSet<int> After);

/// <summary>Who is where, in Redis: of each channel the clients that said they are in it, until they stop saying so.</summary>
sealed class PresenceStore(RedisClient redis, TimeProvider time)
{
    /// <summary>A client says every half minute that it is still there.</summary>
    const int SecondsKept = 60;

    /// <summary>KEYS channel; ARGV now, expiry, client, enter | leave | look. Gives all members before, then those after.</summary>
    const string Script = """
        local before = redis.call('ZRANGE', KEYS[1], 0, -1)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
        if ARGV[4] == 'enter' then
            redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
            redis.call('EXPIRE', KEYS[1], 600)
        elseif ARGV[4] == 'leave' then
            redis.call('ZREM', KEYS[1], ARGV[3])
        end
        return { before, redis.call('ZRANGE', KEYS[1], 0, -1) }
        """;

    public Task<PresenceChange> EnterAsync(string channel, int userId, string client, CancellationToken cancellation) => ChangeAsync(channel, $"{userId} {client}", "enter", cancellation);

    public Task<PresenceChange> LeaveAsync(string channel, int userId, string client, CancellationToken cancellation) => ChangeAsync(channel, $"{userId} {client}", "leave", cancellation);

    public Task<PresenceChange> LookAsync(string channel, CancellationToken cancellation) => ChangeAsync(channel, "", "look", cancellation);

    async Task<PresenceChange> ChangeAsync(string channel, string member, string verb, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var reply = await redis.SendAsync(["EVAL", Script, 1, RedisClient.Key("presence:" + channel), now, now + SecondsKept, member, verb], cancellation);
        return reply.Items is [var before, var after] ? new PresenceChange(Users(before), Users(after)) : new PresenceChange([], []);
    }

    static HashSet<int> Users(RedisReply members) => [.. (members.Items ?? []).Select(item => int.Parse((item.Text ?? "0").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
}
