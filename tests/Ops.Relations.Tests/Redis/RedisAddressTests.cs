using Ops.Relations.Redis;

namespace Ops.Relations.Tests.Redis;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData(null, "10.0.0.1", "6379", "10.0.0.1:6379")]
    [InlineData("redis-0.redis", "10.0.0.1", "6379", "redis-0.redis:6379")]
    [InlineData("", "10.0.0.1", "6379", "10.0.0.1:6379")]
    [InlineData("redis-0.redis", null, "6379", "redis-0.redis:6379")]
    [InlineData(null, null, "6379", null)]
    [InlineData(null, "10.0.0.1", null, null)]
    [InlineData(null, "10.0.0.1", "0", null)]
    [InlineData(null, "10.0.0.1", "six", null)]
    [InlineData(null, "None", "6379", null)]
    [InlineData("None", "10.0.0.1", "6379", null)]
    [InlineData(null, "a b", "6379", null)]
    public void Address_is_the_leaders_or_the_units(string? leaderHost, string? hostname, string? port, string? expected)
    {
        var reading = RedisAddress.Read(Bag(("leader-host", leaderHost)), Bag(("hostname", hostname), ("port", port)));

        Assert.Equal(expected, reading.Value is { } address ? $"{address.Host}:{address.Port}" : null);
        Assert.Equal(expected is null, reading.Reason.Length > 0);
    }

    static Dictionary<string, string> Bag(params (string Key, string? Value)[] pairs) =>
        pairs.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
}
