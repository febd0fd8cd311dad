using System.Globalization;

namespace Ops.Relations.RollingOps;

/// <summary>
/// Runs an operation on the units of an application one at a time. Units ask for a lock in their peer databags, the leader
/// grants it to one after the other, the highest unit first and itself last.
/// </summary>
/// <remarks>
/// Source: rolling_ops lib v0 (patch 9). Keys and values are its own, so that units of both kinds can take turns while an
/// application is refreshed from one to the other. Different from it: the application's status always ends active, and a
/// departing unit does not keep the others waiting.
/// </remarks>
public sealed class RollingOpsManager : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    readonly Action operation;

    /// <summary>Watches a peer endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Peer endpoint of charmcraft.yaml; also the operation's name in statuses, such as <c>restart</c>.</param>
    /// <param name="operation">What to do with the lock held. It sets the unit's status; if it does not, that becomes active.</param>
    public RollingOpsManager(CharmBase charm, string endpoint, Action operation) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.operation = operation;
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
        charm.On[endpoint].RelationDeparted.Observe(OnRelationDeparted);
        charm.On.LeaderElected.Observe(OnLeaderElected);
    }

    StatusBase Executing => new MaintenanceStatus($"Executing {endpoint} operation");

    StatusBase Beginning => new MaintenanceStatus($"Beginning rolling {endpoint}");

    Relation? Peers => Model.Relations[endpoint] is [var peers, ..] ? peers : null;

    /// <summary>Asks for the lock; the operation runs when it is granted, which may be at once.</summary>
    public void AcquireLock()
    {
        if (Peers is not { } peers)
        {
            // No peers means nobody to take turns with.
            operation();
            return;
        }

        peers.Data[charm.Unit]["state"] = "acquire";
        Take(peers);
    }

    void OnRelationChanged(RelationChangedEvent e) => Take(e.Relation);

    void OnRelationDeparted(RelationDepartedEvent e)
    {
        if (e.DepartingUnit != charm.Unit)
        {
            Grant(e.Relation, without: e.DepartingUnit);
        }
    }

    void OnLeaderElected(LeaderElectedEvent e)
    {
        if (Peers is { } peers)
        {
            Grant(peers);
        }
    }

    void Take(Relation peers)
    {
        var state = StateOf(peers, charm.Unit);
        if (state == LockState.Pending)
        {
            charm.Unit.Status = new WaitingStatus($"Awaiting {endpoint} operation");
        }
        else if (state == LockState.Held)
        {
            Run(peers);
        }

        Grant(peers);
    }

    void Run(Relation peers)
    {
        charm.Unit.Status = Executing;
        operation();
        peers.Data[charm.Unit]["state"] = "release";
        peers.Data[charm.Unit].Remove("callback_override");
        if (charm.Unit.Status == Executing)
        {
            charm.Unit.Status = new ActiveStatus();
        }
    }

    // Only the leader: takes back what was released, and gives the lock to the next that waits, unless one has it.
    void Grant(Relation peers, Unit? without = null)
    {
        if (!charm.Unit.IsLeader)
        {
            return;
        }

        var application = peers.Data[charm.App];
        Unit[] units = [.. peers.Units.Where(unit => unit != without).OrderByDescending(Number), charm.Unit];
        if (units.Any(unit => StateOf(peers, unit) == LockState.Held))
        {
            return;
        }

        foreach (var unit in units.Where(unit => StateOf(peers, unit) == LockState.Released))
        {
            application[KeyOf(unit)] = "idle";
        }

        if (Array.Find(units, unit => StateOf(peers, unit) == LockState.Pending) is { } next)
        {
            charm.App.Status = Beginning;
            application[KeyOf(next)] = "granted";
            if (next == charm.Unit)
            {
                Run(peers);
                Grant(peers);
            }
        }
        else if (charm.App.Status == Beginning)
        {
            charm.App.Status = new ActiveStatus();
        }
    }

    LockState StateOf(Relation peers, Unit unit)
    {
        var wish = peers.Data[unit].Find("state");
        return peers.Data[charm.App].Find(KeyOf(unit)) == "granted"
            ? wish == "release" ? LockState.Released : LockState.Held
            : wish == "acquire" ? LockState.Pending : LockState.Idle;
    }

    // The field's library names a key by the text form of a Python object.
    static string KeyOf(Unit unit) => $"<ops.model.Unit {unit.Name}>";

    static int Number(Unit unit) => int.Parse(unit.Name[(unit.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    enum LockState
    {
        Idle,
        Pending,
        Held,
        Released,
    }
}
