using Ops.Testing.Tests.Parrot;
using Pebble.Client;

namespace Ops.Testing.Tests;

/// <summary>What Juju could never produce is refused, with what and why.</summary>
public sealed class ConsistencyTests
{
    static readonly Context<ParrotCharm> Context = new();
    static readonly RelationState Song = new("song");

    public static TheoryData<string, Event, State, string> Impossible { get; } = Cases();

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Is_refused(string what, Event e, State state, string reason)
    {
        var error = Assert.Throws<InconsistentScenarioException>(() => Context.Run(e, state));

        Assert.True(error.Problems.Any(p => p.Contains(reason, StringComparison.Ordinal)), $"{what}: {error.Message}");
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var state = new State { Relations = [new RelationState("sing")], Containers = [new ContainerState("box")] }.WithConfig("age", "old");

        var error = Assert.Throws<InconsistentScenarioException>(() => Context.Run(Event.ConfigChanged, state));

        Assert.Equal(3, error.Problems.Count);
        Assert.StartsWith("Juju could not produce this:\n- ", error.Message);
    }

    [Fact]
    public void A_state_with_one_of_everything_is_accepted()
    {
        var state = new State
        {
            Leader = true,
            Config = new Dictionary<string, object> { ["name"] = "Ara", ["age"] = 4, ["volume"] = 1, ["tame"] = false, ["token"] = "secret:d2v7kqnmp25c762p8ku0" },
            Relations = [Song, new RelationState("database"), RelationState.Peer("flock")],
            Containers = [new ContainerState("cage") { CanConnect = true }],
            Secrets = [new SecretState(new Dictionary<string, string> { ["key"] = "value" })],
            Storages = [new StorageState("seeds"), new StorageState("seeds", 1)],
            Networks = new Dictionary<string, NetworkInfo> { ["nest"] = new([], [], []) },
            Resources = new Dictionary<string, string> { ["wordlist"] = "/words" },
            OpenedPorts = [Port.Tcp(80)],
            Deferred = [Event.ConfigChanged.Deferred("OnAny")],
        };

        Assert.Equal(state.Config, Context.Run(Event.UpdateStatus, state).State.Config);
    }

    static TheoryData<string, Event, State, string> Cases()
    {
        var cage = new ContainerState("cage");
        var check = new LabelledLayer("l", new Layer
        {
            Checks = new Dictionary<string, Check> { ["up"] = new() { Override = "replace", Tcp = new TcpCheck(80) } },
        });
        var mine = new SecretState(new Dictionary<string, string> { ["key"] = "v" }) { Owner = SecretOwner.App };
        var theirs = new SecretState(new Dictionary<string, string> { ["key"] = "v" });
        return new()
        {
            { "option", Event.ConfigChanged, new State().WithConfig("colour", "green"), "the option \"colour\" is not declared; charmcraft.yaml declares \"name\"" },
            { "option type", Event.ConfigChanged, new State().WithConfig("age", "3"), "the option \"age\" is declared as int, and the state gives it the string \"3\"" },
            { "option type", Event.ConfigChanged, new State().WithConfig("tame", 1), "declared as boolean, and the state gives it the Int32 1" },
            { "secret option", Event.ConfigChanged, new State().WithConfig("token", "abc"), "declared as secret" },
            { "secret option", Event.ConfigChanged, new State().WithConfig("token", "secret:abc"), "an id is secret: and 20 lower-case letters or digits" },
            { "endpoint", Event.ConfigChanged, new State { Relations = [new("sing")] }, "the relation endpoint \"sing\" is not declared; charmcraft.yaml declares \"song\", \"database\", \"tree\", \"flock\"" },
            { "limit", Event.ConfigChanged, new State { Relations = [new("database"), new("database")] }, "\"database\" has 2 relations, and Juju allows 1" },
            { "same id", Event.ConfigChanged, new State { Relations = [new("song") { Id = 5 }, new("song") { Id = 5 }] }, "the relation number 5 is there 2 times" },
            { "peer", Event.ConfigChanged, new State { Relations = [new("flock")] }, "\"flock\" is a peer endpoint" },
            { "no peer", Event.ConfigChanged, new State { Relations = [RelationState.Peer("song")] }, "\"song\" is not a peer endpoint" },
            { "principal", Event.ConfigChanged, new State { Relations = [new("tree") { RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>> { [0] = new Dictionary<string, string>(), [1] = new Dictionary<string, string>() } }] }, "this unit sees only the one beside it" },
            { "own peer", Event.ConfigChanged, new State { Relations = [RelationState.Peer("flock") with { RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>> { [0] = new Dictionary<string, string>() } }] }, "which is this unit" },
            { "empty value", Event.ConfigChanged, new State { Relations = [Song with { RemoteAppData = new Dictionary<string, string> { ["k"] = "" } }] }, "Juju keeps no empty values" },
            { "relation not there", Event.RelationJoined(Song), new State(), "which the state does not have: add it to State.Relations" },
            { "unit not there", Event.RelationJoined(Song, 4), new State { Relations = [Song] }, "\"remote/4\", which is not in RemoteUnitsData" },
            { "event", Event.Named("song_relation_sung"), new State(), "is none that Juju sends to this charm" },
            { "action", Event.Action("sing"), new State(), "the action \"sing\" does not exist; charmcraft.yaml declares \"say\"" },
            { "parameter missing", Event.Action("say"), new State(), "without \"words\", which it requires" },
            { "parameter unknown", Say(("words", "x"), ("loud", true)), new State(), "has no parameter \"loud\" and takes no others" },
            { "parameter type", Say(("words", 5)), new State(), "declared as string, and is given 5" },
            { "parameter value", Say(("words", "x"), ("voice", "middle")), new State(), "must be one of high, low, and is given \"middle\"" },
            { "container", Event.ConfigChanged, new State { Containers = [new("box")] }, "the container \"box\" is not declared; charmcraft.yaml declares \"cage\", \"perch\"" },
            { "container twice", Event.ConfigChanged, new State { Containers = [cage, cage] }, "more than once" },
            { "container not there", Event.PebbleReady(cage), new State(), "add it to State.Containers" },
            { "not ready", Event.PebbleReady(cage), new State { Containers = [cage] }, "CanConnect says that it does not" },
            { "service", Event.ConfigChanged, new State { Containers = [cage with { Services = new Dictionary<string, ServiceStatus> { ["x"] = ServiceStatus.Active } }] }, "a status of service \"x\", which no layer of it has" },
            { "layer", Event.ConfigChanged, new State { Containers = [cage with { Layers = [new("l", new Layer { Services = new Dictionary<string, Service> { ["x"] = new() } })] }] }, "must define \"override\" for service \"x\"" },
            { "check", Event.PebbleCheckFailed(cage, "down"), new State { Containers = [cage with { Layers = [check] }] }, "is about check \"down\", which no layer" },
            { "notice", Event.PebbleCustomNotice(cage, new Notice { Id = "1", Type = "custom", Key = "a.b/c" }), new State { Containers = [cage] }, "is about notice \"1\"" },
            { "answers", Event.ConfigChanged, new State { Containers = [cage with { Execs = [new(["ls"]), new(["ls"], 1)] }] }, "has 2 answers for the command [ls]" },
            { "file", Event.ConfigChanged, new State { Containers = [cage with { Files = new Dictionary<string, FileState> { ["x"] = "y" } }] }, "has no absolute path" },
            { "storage", Event.ConfigChanged, new State { Storages = [new("nuts")] }, "the storage \"nuts\" is not declared" },
            { "storages", Event.ConfigChanged, new State { Storages = [new("seeds"), new("seeds", 1), new("seeds", 2)] }, "there are 3 of storage \"seeds\", and charmcraft.yaml allows 2" },
            { "storage number", Event.ConfigChanged, new State { Storages = [new("seeds"), new("seeds")] }, "have the same number" },
            { "storage event", Event.StorageAttached(new("seeds")), new State(), "is about storage \"seeds/0\", which the state does not have" },
            { "secret", Event.SecretChanged(theirs), new State(), "add it to State.Secrets" },
            { "own secret", Event.SecretChanged(mine), new State { Secrets = [mine] }, "this one is the charm's own" },
            { "foreign secret", Event.SecretRotate(theirs), new State { Secrets = [theirs] }, "this one belongs to another" },
            { "leader's secret", Event.SecretRotate(mine), new State { Secrets = [mine] }, "is sent to the leader" },
            { "secret content", Event.ConfigChanged, new State { Secrets = [new(new Dictionary<string, string>())] }, "has no content" },
            { "labels", Event.ConfigChanged, new State { Secrets = [mine with { Id = "secret:a", Label = "l" }, mine with { Id = "secret:b", Label = "l" }] }, "labels are unique" },
            { "network", Event.ConfigChanged, new State { Networks = new Dictionary<string, NetworkInfo> { ["web"] = new([], [], []) } }, "a network for \"web\"" },
            { "network of a principal", Event.ConfigChanged, new State { Networks = new Dictionary<string, NetworkInfo> { ["tree"] = new([], [], []) } }, "scoped to a container" },
            { "resource", Event.ConfigChanged, new State { Resources = new Dictionary<string, string> { ["x"] = "/x" } }, "the resource \"x\"" },
            { "port", Event.ConfigChanged, new State { OpenedPorts = [Port.Tcp(70000)] }, "\"70000/tcp\" is not valid" },
            { "deferred", Event.ConfigChanged, new State { Deferred = [new("sung", "OnSung")] }, "the deferred event \"sung\" is none of this charm's" },
        };
    }

    static Event Say(params (string, object)[] parameters) => Event.Action("say", parameters.ToDictionary(p => p.Item1, p => p.Item2));
}
