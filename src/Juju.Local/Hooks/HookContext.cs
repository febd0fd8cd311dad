using System.Text.Json.Nodes;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Hooks;

/// <summary>
/// One turn as its tools see it: the model as it was when the turn began, with what the turn itself has written. All of that
/// is kept back until the turn succeeds, and then applied to the model at once.
/// </summary>
sealed class HookContext(Model model, string unit, HookRun turn)
{
    readonly List<Func<ModelState, ModelState>> writes = [];

    public string Id => Turn.ContextId;

    public HookRun Turn { get; } = turn;

    public string Unit { get; } = unit;

    public string Application { get; } = UnitRecord.ApplicationOf(unit);

    public Model Model { get; } = model;

    /// <summary>The model at the turn's begin.</summary>
    public ModelState Seen { get; } = model.State;

    /// <summary>The same with the turn's own writes.</summary>
    public ModelState View { get; private set; } = model.State;

    /// <summary>An action's results so far.</summary>
    public JsonObject Results { get; } = [];

    /// <summary>Set by action-fail.</summary>
    public string? Failure { get; set; }

    public bool IsAction => Turn.Kind == HookKind.Action;

    /// <summary>Asked of the model of now: it is a lease, not part of the turn's view.</summary>
    public bool IsLeader => Model.State.Applications.GetValueOrDefault(Application)?.Leader == Unit;

    public AgentRecord Agent => Seen.Agents[Unit];

    /// <summary>Keeps a write for the turn's end; from now on the turn sees it.</summary>
    public void Write(Func<ModelState, ModelState> change)
    {
        View = change(View);
        writes.Add(change);
    }

    /// <summary>Takes effect at once, whatever becomes of the turn.</summary>
    public void WriteNow(Func<ModelState, ModelState> change)
    {
        Model.Update(change);
        View = change(View);
    }

    /// <summary>The model with all that the turn wrote.</summary>
    public ModelState Flush(ModelState state) => writes.Aggregate(state, (current, change) => change(current));
}
