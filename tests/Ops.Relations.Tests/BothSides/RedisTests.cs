using Ops.Relations.Redis;
using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

public sealed class RedisTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Requirer_finds_the_master(bool isLeader)
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("redis", "redis", provider: new State { Leader = isLeader });
        Publish(pair, new("10.0.0.9", 6379));

        pair.Settle();

        Assert.Contains(pair.RequirerEvents, e => e is RedisRelationUpdatedEvent);
        pair.ToRequirer(_ => Event.UpdateStatus, charm => Assert.Equal(new RedisAddress("10.0.0.9", 6379), charm.Redis.Address.Value));
    }

    [Fact]
    public void Withdrawn_address_is_waited_for()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("redis", "redis");
        Publish(pair, new("10.0.0.9", 6379));

        pair.ToProvider(_ => Event.UpdateStatus, charm => charm.Redis.Withdraw());

        pair.ToRequirer(_ => Event.UpdateStatus, charm =>
        {
            Assert.Null(charm.Redis.Address.Value);
            Assert.False(charm.Redis.Address.IsFaulty);
        });
    }

    [Fact]
    public void Publishing_the_same_again_changes_nothing()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("redis", "redis");
        Publish(pair, new("10.0.0.9", 6379));

        Assert.DoesNotContain(Publish(pair, new("10.0.0.9", 6379)).ToolCalls, call => call.StartsWith("relation-set", StringComparison.Ordinal));
    }

    static Outcome Publish(Pair<ProviderCharm, RequirerCharm> pair, RedisAddress address) =>
        pair.ToProvider(_ => Event.UpdateStatus, charm => charm.Redis.Publish(address));
}
