using Pebble.Client;

namespace Ops.Testing.Tests.Guestbook;

/// <summary>The tests that docs/how-to/write-and-test-charms.md shows.</summary>
public sealed class GuestbookCharmTests
{
    static readonly Context<GuestbookCharm> Context = new();
    static readonly ContainerState Book = new("book") { CanConnect = true };

    [Fact]
    public void Upgrades_are_counted()
    {
        var first = Context.Run(Event.UpgradeCharm, new State());
        var second = Context.Run(Event.UpgradeCharm, first.State);

        Assert.Contains(second.Logs, line => line.Message == "upgrade number 2");
    }

    [Theory]
    [InlineData(false, false, "blocked", "integrate with a database")]
    [InlineData(true, false, "waiting", "waiting for the container")]
    [InlineData(true, true, "active", "")]
    public void Worst_status_is_told(bool isRelated, bool canConnect, string name, string message)
    {
        var state = new State { Containers = [Book with { CanConnect = canConnect }] };
        state = isRelated ? state.With(new RelationState("database")) : state;

        var status = Context.Run(Event.UpdateStatus, state).State.UnitStatus;

        Assert.Equal((name, message), (status.Name, status.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Leader_shares_a_secret(bool isLeader)
    {
        var feed = new RelationState("feed");

        var outcome = Context.Run(Event.RelationCreated(feed), new State { Leader = isLeader, Relations = [feed], Containers = [Book] });

        Assert.Equal(isLeader ? 1 : 0, outcome.State.Secrets.Count);
        Assert.Equal(isLeader, outcome.State.GetRelation("feed").LocalAppData.ContainsKey("token-secret"));
    }

    [Fact]
    public void Spam_waits_for_the_database()
    {
        var notice = new Notice { Id = "1", Type = "custom", Key = "example.com/spam" };
        var book = Book with { Notices = [notice], Execs = [new(["/bin/book", "clean"])] };

        var waiting = Context.Run(Event.PebbleCustomNotice(book, notice), new State { Containers = [book] });
        var done = Context.Run(Event.UpdateStatus, waiting.State.With(new RelationState("database")));

        Assert.Empty(waiting.Execs);
        Assert.Equal(["/bin/book", "clean"], Assert.Single(done.Execs).Options.Command);
        Assert.Empty(done.State.Deferred);
    }

    [Fact]
    public void Entries_are_counted()
    {
        var book = Book with { Execs = [new(["/bin/book", "count"], Output: "42\n")] };

        Assert.Equal("42", Context.Run(Event.Action("count"), new State { Containers = [book] }).ActionResults["entries"]);
    }

    [Fact]
    public void A_count_that_fails_says_why()
    {
        var book = Book with { Execs = [new(["/bin/book", "count"], ExitCode: 1, ErrorOutput: "no book")] };

        Assert.Equal("cannot count: no book", Context.Run(Event.Action("count"), new State { Containers = [book] }).ActionFailure);
    }
}
