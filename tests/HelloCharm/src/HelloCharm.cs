using System.Globalization;
using Ops;
using Pebble.Client;

namespace Hello;

/// <summary>Runs the greeter, tells visitors' charms where it is, and greets on request.</summary>
public sealed partial class HelloCharm : CharmBase
{
    /// <summary>Observes the events that matter.</summary>
    public HelloCharm(Framework framework)
        : base(framework)
    {
        On.WebPebbleReady.Observe(Reconcile);
        On.ConfigChanged.Observe(Reconcile);
        On.WebsiteRelationJoined.Observe(OnWebsiteJoined);
        On.GreetAction.Observe(OnGreet);
    }

    void Reconcile(EventBase e)
    {
        if (Config.Port is < 1 or > 65535)
        {
            Unit.Status = new BlockedStatus($"port must be 1 to 65535, not {Config.Port}");
            return;
        }

        if (!Containers.Web.CanConnect())
        {
            Unit.Status = new WaitingStatus("waiting for the web container");
            return;
        }

        Containers.Web.AddLayer("hello", WebLayer(), combine: true);
        Containers.Web.Replan();
        Unit.Status = new ActiveStatus();
    }

    void OnWebsiteJoined(RelationJoinedEvent e)
    {
        var data = e.Relation.Data[Unit];
        data["hostname"] = Model.GetBinding(e.Relation).Network.IngressAddress ?? "";
        data["port"] = Config.Port.ToString(CultureInfo.InvariantCulture);
    }

    void OnGreet(GreetActionEvent e)
    {
        var greeting = $"{Config.Greeting}, {e.Who}!";
        e.SetResult("greeting", e.Loudly ? greeting.ToUpperInvariant() : greeting);
    }

    Layer WebLayer() => new()
    {
        Summary = "The greeter",
        Services = new Dictionary<string, Service>
        {
            ["web"] = new()
            {
                Override = "replace",
                Command = $"/bin/greeter --port {Config.Port}",
                Startup = "enabled",
                Environment = new Dictionary<string, string> { ["GREETING"] = Config.Greeting },
            },
        },
    };
}
