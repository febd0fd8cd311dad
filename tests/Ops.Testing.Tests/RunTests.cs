using Ops.Testing.Tests.Parrot;

namespace Ops.Testing.Tests;

/// <summary>What comes of an event.</summary>
public sealed class RunTests
{
    static readonly IReadOnlyDictionary<string, string> Password = new Dictionary<string, string> { ["password"] = "correct-horse" };

    [Fact]
    public void The_state_that_went_in_is_not_changed()
    {
        var song = new RelationState("song");
        var state = new State { Relations = [song] };

        var outcome = ParrotCharm.Run(Event.RelationChanged(song), state, (charm, _) => charm.Relations.Song[0].Data[charm.Unit]["verse"] = "1");

        Assert.False(state.GetRelation("song").LocalUnitData.ContainsKey("verse"));
        Assert.Equal("1", outcome.State.GetRelation("song").LocalUnitData["verse"]);
    }

    [Fact]
    public void Statuses_have_a_history()
    {
        var outcome = ParrotCharm.Run(Event.Start, new State { UnitStatus = new WaitingStatus("before") }, (charm, _) =>
        {
            charm.Unit.Status = new MaintenanceStatus("thinking");
            charm.Unit.Status = new ActiveStatus("ready");
        });

        Assert.Equal([new WaitingStatus("before"), new MaintenanceStatus("thinking"), new ActiveStatus("ready")], outcome.UnitStatusHistory);
        Assert.Equal(new ActiveStatus("ready"), outcome.State.UnitStatus);
    }

    [Fact]
    public void The_worst_status_that_is_collected_is_set()
    {
        var outcome = ParrotCharm.Run(Event.Start, new State { Leader = true }, (charm, _) =>
        {
            charm.On.CollectUnitStatus.Observe(e => e.AddStatus(new ActiveStatus()), "a");
            charm.On.CollectUnitStatus.Observe(e => e.AddStatus(new BlockedStatus("first")), "b");
            charm.On.CollectUnitStatus.Observe(e => e.AddStatus(new BlockedStatus("second")), "c");
            charm.On.CollectUnitStatus.Observe(e => e.AddStatus(new MaintenanceStatus("m")), "d");
            charm.On.CollectAppStatus.Observe(e => e.AddStatus(new WaitingStatus("app")), "e");
        });

        Assert.Equal((new BlockedStatus("first"), new WaitingStatus("app")), (outcome.State.UnitStatus, outcome.State.AppStatus));
        Assert.DoesNotContain(outcome.EmittedEvents, e => e is CollectStatusEvent);
    }

    [Fact]
    public void Only_the_leader_collects_the_applications_status()
    {
        var outcome = ParrotCharm.Run(
            Event.Start, new State(), (charm, _) => charm.On.CollectAppStatus.Observe(e => e.AddStatus(new ActiveStatus()), "a"));

        Assert.Equal(new UnknownStatus(), outcome.State.AppStatus);
    }

    [Fact]
    public void Logs_are_kept_without_secrets()
    {
        var secret = new SecretState(Password);

        var outcome = ParrotCharm.Run(Event.Start, new State { Secrets = [secret] }, (charm, _) =>
            charm.Log.Warning($"the password is {charm.Model.GetSecret(secret.Id).GetContent()["password"]}"));

        Assert.Equal([new LogLine("WARNING", "the password is *****")], outcome.Logs);
    }

    [Fact]
    public void An_action_answers()
    {
        var outcome = ParrotCharm.Run(
            Event.Action("say", new Dictionary<string, object> { ["words"] = "hello \"you\"" }), new State(), (_, e) =>
        {
            var say = (SayActionEvent)e;
            say.Log("clearing my throat");
            say.SetResult("said", $"{say.Words} x{say.Times} {say.Voice}");
            say.Fail("hoarse");
        });

        Assert.Equal("hello \"you\" x1 ", outcome.ActionResults["said"]);
        Assert.Equal(("hoarse", "clearing my throat"), (outcome.ActionFailure, Assert.Single(outcome.ActionLogs)));
    }

    [Fact]
    public void An_exception_of_the_charm_comes_out_with_what_was_logged()
    {
        var error = Assert.Throws<UncaughtCharmException>(() => ParrotCharm.Run(Event.Start, new State(), (charm, _) =>
        {
            charm.Log.Info("going");
            throw new FormatException("gone");
        }));

        Assert.Equal("gone", Assert.IsType<FormatException>(error.InnerException).Message);
        Assert.Equal([new LogLine("INFO", "going")], error.Logs);
    }

    [Fact]
    public void Events_of_libraries_are_seen_and_can_be_deferred()
    {
        var song = new RelationState("song");
        var state = new State { Relations = [song] };
        string? hatched = null;

        var first = ParrotCharm.Run(Event.RelationChanged(song), state, (charm, e) =>
        {
            if (e is RelationChangedEvent changed)
            {
                charm.Chick.Hatched.Emit(new HatchedEvent("Pip", changed.Relation));
            }
            else
            {
                e.Defer();
            }
        });
        ParrotCharm.Run(Event.UpdateStatus, first.State, (_, e) => hatched ??= e is HatchedEvent h ? $"{h.Name} of {h.Relation}" : null);

        Assert.Equal([typeof(RelationChangedEvent), typeof(HatchedEvent)], first.EmittedEvents.Select(e => e.GetType()));
        Assert.Equal("charm/chick/on/hatched", Assert.Single(first.State.Deferred).Name);
        Assert.Equal($"Pip of song:{song.Id}", hatched);
    }

    [Fact]
    public void A_peer_relation_is_about_this_application()
    {
        var flock = RelationState.Peer("flock") with
        {
            RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>> { [3] = new Dictionary<string, string> { ["song"] = "la" } },
        };
        string? seen = null;

        ParrotCharm.Run(Event.RelationChanged(flock, 3), new State { Relations = [flock] }, (_, e) =>
            seen = e is RelationChangedEvent c ? $"{c.App.Name} {c.Unit!.Name} {c.Relation.Data[c.Unit]["song"]}" : seen);

        Assert.Equal("parrot parrot/3 la", seen);
    }

    [Fact]
    public void A_secret_is_added_granted_and_changed()
    {
        var song = new RelationState("song");

        var outcome = ParrotCharm.Run(Event.Start, new State { Leader = true, Relations = [song] }, (charm, _) =>
        {
            var secret = charm.App.AddSecret(Password, new SecretOptions { Label = "login", Rotate = SecretRotate.Daily });
            secret.Grant(charm.Relations.Song[0]);
            secret.SetContent(new Dictionary<string, string> { ["password"] = "battery" });
            Assert.Equal((2, SecretRotate.Daily), (secret.GetInfo().Revision, secret.GetInfo().Rotation));
            Assert.Equal("battery", secret.PeekContent()["password"]);
        });

        var added = outcome.State.GetSecret("login");
        Assert.Equal((SecretOwner.App, 2), (added.Owner, added.Revision));
        Assert.Equal(["remote"], added.Grants[song.Id]);
    }

    [Fact]
    public void A_later_revision_is_tracked_when_it_is_refreshed()
    {
        var secret = new SecretState(Password) { LatestContent = new Dictionary<string, string> { ["password"] = "battery" }, Revision = 2 };

        var outcome = ParrotCharm.Run(Event.SecretChanged(secret), new State { Secrets = [secret] }, (_, e) =>
        {
            var changed = ((SecretChangedEvent)e).Secret;
            Assert.Equal("correct-horse", changed.GetContent()["password"]);
            Assert.Equal("battery", changed.GetContent(refresh: true)["password"]);
        });

        Assert.Equal("battery", outcome.State.Secrets[0].Content["password"]);
    }

    [Fact]
    public void An_owned_secret_cannot_be_read_by_id_and_label()
    {
        var mine = new SecretState(Password) { Owner = SecretOwner.Unit, Label = "mine" };

        ParrotCharm.Run(Event.Start, new State { Secrets = [mine] }, (charm, _) =>
        {
            Assert.Contains("but not both", Assert.Throws<HookToolException>(() => charm.Model.GetSecret(mine.Id, "mine").GetContent()).Message);
            Assert.Equal("correct-horse", charm.Model.GetSecret(label: "mine").GetContent()["password"]);
        });
    }

    [Fact]
    public void Storage_is_read_and_asked_for()
    {
        var seeds = new StorageState("seeds");

        var outcome = ParrotCharm.Run(Event.StorageAttached(seeds), new State { Storages = [seeds] }, (charm, e) =>
        {
            Assert.Equal("/var/lib/juju/storage/seeds/0", ((StorageAttachedEvent)e).Storage.Location);
            Assert.Equal(["seeds/0"], charm.Storages.Seeds.Select(s => s.FullId));
            charm.Model.Storages.Request("seeds");
        });

        Assert.Equal([("seeds", 1)], outcome.StorageRequests);
    }

    [Fact]
    public void The_charm_can_be_looked_at()
    {
        string? name = null;

        new Context<ParrotCharm>().Run(Event.UpdateStatus, new State().WithConfig("name", "Ara"), charm => name = charm.Config.Name);

        Assert.Equal("Ara", name);
    }

    [Fact]
    public void Options_have_their_types_and_defaults()
    {
        ParrotCharm.Run(Event.ConfigChanged, new State().WithConfig("token", "secret:d2v7kqnmp25c762p8ku0"), (charm, _) =>
        {
            Assert.Equal(("Polly", 3L, 0.5, true, null), (charm.Config.Name, charm.Config.Age, charm.Config.Volume, charm.Config.Tame, charm.Config.Nickname));
            Assert.Equal("secret:d2v7kqnmp25c762p8ku0", charm.Config.Token!.Id);
        });
    }
}
