namespace Ops.Testing.Tests.Parrot;

/// <summary>A charm whose handlers do what the test that runs it says. Every event of charmcraft.yaml is observed.</summary>
[Charmcraft("Parrot/charmcraft.yaml")]
public sealed partial class ParrotCharm : CharmBase
{
    static readonly AsyncLocal<Action<ParrotCharm, EventBase>?> Told = new();

    public ParrotCharm(Framework framework)
        : base(framework)
    {
        Chick = new Chick(this);
        On.Install.Observe(OnAny);
        On.Start.Observe(OnAny);
        On.Stop.Observe(OnAny);
        On.ConfigChanged.Observe(OnAny);
        On.UpdateStatus.Observe(OnAny);
        On.LeaderElected.Observe(OnAny);
        On.CagePebbleReady.Observe(OnAny);
        On.CagePebbleCustomNotice.Observe(OnAny);
        On.CagePebbleCheckFailed.Observe(OnAny);
        On.SongRelationCreated.Observe(OnAny);
        On.SongRelationJoined.Observe(OnAny);
        On.SongRelationChanged.Observe(OnAny);
        On.SongRelationDeparted.Observe(OnAny);
        On.SongRelationBroken.Observe(OnAny);
        On.FlockRelationChanged.Observe(OnAny);
        On.SeedsStorageAttached.Observe(OnAny);
        On.SecretChanged.Observe(OnAny);
        On.SecretRotate.Observe(OnAny);
        On.SecretRemove.Observe(OnAny);
        On.SayAction.Observe(OnAny);
        Chick.Hatched.Observe(OnHatched);
    }

    public Chick Chick { get; }

    /// <summary>Runs an event with handlers that do <paramref name="told"/>.</summary>
    public static Outcome Run(Event e, State state, Action<ParrotCharm, EventBase> told) => Run(new Context<ParrotCharm>(), e, state, told);

    public static Outcome Run(Context<ParrotCharm> context, Event e, State state, Action<ParrotCharm, EventBase> told)
    {
        Told.Value = told;
        try
        {
            return context.Run(e, state);
        }
        finally
        {
            Told.Value = null;
        }
    }

    void OnAny(EventBase e) => Told.Value?.Invoke(this, e);

    void OnHatched(HatchedEvent e) => Told.Value?.Invoke(this, e);
}

/// <summary>A relation library of its own, with an event that carries something.</summary>
public sealed class Chick : OpsObject
{
    public Chick(ParrotCharm charm)
        : base(charm, "chick") => Hatched = DefineEvent("hatched", static saved => new HatchedEvent(saved["name"], saved.GetRelation()));

    public EventSource<HatchedEvent> Hatched { get; }
}

public sealed class HatchedEvent(string name, Relation relation) : EventBase
{
    public string Name { get; } = name;

    public Relation Relation { get; } = relation;

    protected override void Save(EventSnapshot snapshot)
    {
        snapshot["name"] = Name;
        snapshot.SetRelation(Relation);
    }
}
