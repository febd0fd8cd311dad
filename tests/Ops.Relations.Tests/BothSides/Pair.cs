using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

/// <summary>
/// Two charms with a relation between them, and what Juju does for it: databags are carried across, secrets that one side
/// grants can be read by the other, and who can see a change gets relation-changed.
/// </summary>
sealed class Pair<TProvider, TRequirer>
    where TProvider : CharmBase, ICharm<TProvider>
    where TRequirer : CharmBase, ICharm<TRequirer>
{
    const int Id = 7;

    static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    readonly Context<TProvider> providers = new() { AppName = "provider" };
    readonly Context<TRequirer> requirers = new() { AppName = "requirer" };
    readonly string providerEndpoint;
    readonly string requirerEndpoint;

    public Pair(string providerEndpoint, string requirerEndpoint, State? provider = null, State? requirer = null)
    {
        this.providerEndpoint = providerEndpoint;
        this.requirerEndpoint = requirerEndpoint;
        Provider = (provider ?? new State { Leader = true }).With(new RelationState(providerEndpoint) { Id = Id, RemoteApp = "requirer" });
        Requirer = (requirer ?? new State { Leader = true }).With(new RelationState(requirerEndpoint) { Id = Id, RemoteApp = "provider" });
    }

    public State Provider { get; set; }

    public State Requirer { get; set; }

    public List<EventBase> ProviderEvents { get; } = [];

    public List<EventBase> RequirerEvents { get; } = [];

    public RelationState AtProvider => Provider.GetRelation(providerEndpoint);

    public RelationState AtRequirer => Requirer.GetRelation(requirerEndpoint);

    /// <summary>The relation is made: both sides are created, the units join, and changes are told until there are none.</summary>
    public Pair<TProvider, TRequirer> Join()
    {
        ToRequirer(Event.RelationCreated);
        ToProvider(Event.RelationCreated);
        ToProvider(relation => Event.RelationJoined(relation));
        ToRequirer(relation => Event.RelationJoined(relation));
        return Settle();
    }

    /// <summary>Tells each side of what the other wrote, until nobody writes any more.</summary>
    public Pair<TProvider, TRequirer> Settle()
    {
        for (var round = 0; round < 20; round++)
        {
            var before = (Text(AtProvider.LocalAppData, AtProvider.LocalUnitData), Text(AtRequirer.LocalAppData, AtRequirer.LocalUnitData));
            ToProvider(relation => Event.RelationChanged(relation));
            ToProvider(relation => Event.RelationChanged(relation, 0));
            ToRequirer(relation => Event.RelationChanged(relation));
            ToRequirer(relation => Event.RelationChanged(relation, 0));
            if (before == (Text(AtProvider.LocalAppData, AtProvider.LocalUnitData), Text(AtRequirer.LocalAppData, AtRequirer.LocalUnitData)))
            {
                return this;
            }
        }

        throw new InvalidOperationException("the two sides do not come to rest");
    }

    public Outcome ToProvider(Func<RelationState, Event> e, Action<TProvider>? look = null)
    {
        Provider = Provider.With(Across(AtRequirer, AtProvider));
        var outcome = providers.Run(e(AtProvider), Provider, look ?? (_ => { }));
        Provider = outcome.State;
        ProviderEvents.AddRange(outcome.EmittedEvents);
        return outcome;
    }

    public Outcome ToRequirer(Func<RelationState, Event> e, Action<TRequirer>? look = null)
    {
        Requirer = Requirer.With(Across(AtProvider, AtRequirer)) with { Secrets = Granted() };
        var outcome = requirers.Run(e(AtRequirer), Requirer, look ?? (_ => { }));
        Requirer = outcome.State;
        RequirerEvents.AddRange(outcome.EmittedEvents);
        return outcome;
    }

    static RelationState Across(RelationState from, RelationState to) => to with
    {
        RemoteAppData = from.LocalAppData,
        RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>> { [0] = from.LocalUnitData },
    };

    List<SecretState> Granted() =>
    [
        .. Provider.Secrets.Where(secret => secret.Grants.ContainsKey(Id)).Select(secret => new SecretState(secret.LatestContent ?? secret.Content)
        {
            Id = secret.Id,
            Revision = secret.Revision,
            Label = Requirer.Secrets.FirstOrDefault(known => known.Id == secret.Id)?.Label,
        }),
    ];

    static string Text(params IReadOnlyDictionary<string, string>[] bags) =>
        string.Join('|', bags.SelectMany(bag => (bag ?? Nothing).OrderBy(pair => pair.Key, StringComparer.Ordinal)));
}
