namespace Ops;

/// <summary>Emits the collect-status events, if anything observes them, and sets what comes out.</summary>
static class StatusCollection
{
    public static void Evaluate(CharmBase charm)
    {
        var framework = charm.Framework;
        if (framework.IsObserved(CharmEvents.PathOf("collect_app_status")) && charm.Unit.IsLeader && Collect(framework, "collect_app_status") is { } app)
        {
            charm.App.Status = app;
        }

        if (framework.IsObserved(CharmEvents.PathOf("collect_unit_status")) && Collect(framework, "collect_unit_status") is { } unit)
        {
            charm.Unit.Status = unit;
        }
    }

    static StatusBase? Collect(Framework framework, string name)
    {
        var e = new CollectStatusEvent();
        framework.Emit(CharmEvents.PathOf(name), e);
        return e.Worst;
    }
}
