using Pebble.Client;

namespace Ops.Testing.Tests.Guestbook;

/// <summary>The charm whose handlers docs/how-to/write-and-test-charms.md shows.</summary>
[Charmcraft("Guestbook/charmcraft.yaml")]
public sealed partial class GuestbookCharm : CharmBase
{
    readonly StoredValue<long> upgrades;

    public GuestbookCharm(Framework framework)
        : base(framework)
    {
        upgrades = StoredValue.Number(this, "upgrades");
        On.UpgradeCharm.Observe(OnUpgradeCharm);
        On.CollectUnitStatus.Observe(OnCollectUnitStatus);
        On.FeedRelationCreated.Observe(OnFeedRelationCreated);
        On.BookPebbleCustomNotice.Observe(OnBookPebbleCustomNotice);
        On.CountAction.Observe(OnCountAction);
    }

    void OnUpgradeCharm(UpgradeCharmEvent e)
    {
        upgrades.Value++;
        Log.Info($"upgrade number {upgrades.Value}");
    }

    void OnCollectUnitStatus(CollectStatusEvent e)
    {
        if (Relations.Database is null)
        {
            e.AddStatus(new BlockedStatus("integrate with a database"));
        }

        if (!Containers.Book.CanConnect())
        {
            e.AddStatus(new WaitingStatus("waiting for the container"));
        }

        e.AddStatus(new ActiveStatus());
    }

    void OnFeedRelationCreated(RelationCreatedEvent e)
    {
        if (!Unit.IsLeader)
        {
            return;
        }

        var token = App.AddSecret(new Dictionary<string, string> { ["token"] = Guid.NewGuid().ToString() });
        token.Grant(e.Relation);
        e.Relation.Data[App]["token-secret"] = token.Id!;
    }

    void OnBookPebbleCustomNotice(PebbleCustomNoticeEvent e)
    {
        if (e.Notice.Key != "example.com/spam")
        {
            return;
        }

        if (Relations.Database is null)
        {
            e.Defer();
            return;
        }

        Containers.Book.Exec(["/bin/book", "clean"]).Wait();
    }

    void OnCountAction(CountActionEvent e)
    {
        try
        {
            var (output, _) = Containers.Book.Exec(["/bin/book", "count"], timeout: TimeSpan.FromSeconds(10)).WaitOutput();
            e.SetResult("entries", output.Trim());
        }
        catch (ExecException failure)
        {
            e.Fail($"cannot count: {failure.ErrorOutput}");
        }
    }
}
