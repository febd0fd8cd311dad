using Ops;
using Ops.Testing;
using RedisK8s;

namespace Neighbours.Tests;

public sealed class RedisTests
{
    static readonly Context<RedisCharm> Context = new();

    static readonly ContainerState Redis = new("redis")
    {
        CanConnect = true,
        Execs = [new([]), new(["redis-server", "--version"], Output: "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1")],
    };

    static readonly State Leading = new() { Leader = true, Containers = [Redis], Relations = [RelationState.Peer("redis-peers") with { Id = 0 }] };

    [Fact]
    public void The_leader_is_the_master_and_tells_applications_its_address()
    {
        RelationState client = new("redis") { Id = 1, RemoteApp = "discourse-k8s" };

        var outcome = Context.Run(Event.RelationJoined(client), Leading.With(client));

        Assert.Equal(new ActiveStatus("Master"), outcome.State.UnitStatus);
        var bag = outcome.State.GetRelation(1).LocalUnitData;
        Assert.Equal("6379", bag["port"]);
        Assert.NotEmpty(bag["hostname"]);
    }

    [Theory]
    [InlineData("maxmemory", "lots")]
    [InlineData("maxmemory", "1gb\nrequirepass x")]
    [InlineData("maxmemory-policy", "whatever")]
    public void A_wrong_option_blocks_and_names_itself(string option, string value)
    {
        var outcome = Context.Run(Event.ConfigChanged, Leading.WithConfig(option, value));

        Assert.Contains(option, Assert.IsType<BlockedStatus>(outcome.State.UnitStatus).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_restarted_while_nothing_changes()
    {
        var settled = Context.Run(Event.PebbleReady(Redis), Leading).State;

        var outcome = Context.Run(Event.UpdateStatus, settled);

        Assert.DoesNotContain(outcome.ServiceCalls, call => call.Action is Pebble.Client.ServiceAction.Restart);
    }
}
