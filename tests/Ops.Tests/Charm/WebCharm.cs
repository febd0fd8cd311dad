using Ops.HookTools;
using Ops.Tests.HookTools;

namespace Ops.Tests.Charm;

/// <summary>A charm whose handlers do what the test that runs it says.</summary>
public sealed partial class WebCharm : CharmBase
{
    static readonly AsyncLocal<Action<WebCharm, EventBase>?> Told = new();

    public WebCharm(Framework framework)
        : base(framework)
    {
        On.ConfigChanged.Observe(OnConfigChanged);
        On.Start.Observe(OnStart);
        On.Stop.Observe(OnStart);
        On.DbRelationChanged.Observe(OnDb);
        On.DbRelationDeparted.Observe(OnDb);
        On.DbRelationBroken.Observe(OnDb);
        On.DoItAction.Observe(OnDoIt);
        Told.Value?.Invoke(this, new Made());
    }

    /// <summary>One dispatch against <paramref name="agent"/>.</summary>
    /// <returns>The exit code.</returns>
    internal static int Dispatch(FakeAgent agent, Action<WebCharm, EventBase> told)
    {
        var context = JujuContext.FromEnvironment(agent);
        var framework = new Framework(context, new ProcessHookTools(new ToolRunner(agent)), MetadataOf<WebCharm>(), _ => throw new InvalidOperationException(), TimeProvider.System);
        Told.Value = told;
        try
        {
            return Ops.Dispatch.Run(framework, f => new WebCharm(f));
        }
        finally
        {
            Told.Value = null;
        }
    }

    static CharmMetadata MetadataOf<TCharm>()
        where TCharm : CharmBase, ICharm<TCharm> => TCharm.Metadata;

    void OnConfigChanged(EventBase e) => Told.Value?.Invoke(this, e);

    void OnStart(EventBase e) => Told.Value?.Invoke(this, e);

    void OnDb(EventBase e) => Told.Value?.Invoke(this, e);

    void OnDoIt(DoItActionEvent e) => Told.Value?.Invoke(this, e);

    /// <summary>Stands for the end of the charm's constructor.</summary>
    public sealed class Made : EventBase;
}
