namespace Ops.Testing;

/// <summary>Runs a charm in memory: a state and an event in, the state after it out. No process, no socket.</summary>
/// <typeparam name="TCharm">The charm.</typeparam>
/// <remarks>Source: ops.testing.Context.</remarks>
public sealed class Context<TCharm>
    where TCharm : CharmBase, ICharm<TCharm>
{
    /// <summary>What charmcraft.yaml says, as the generator read it.</summary>
    public CharmMetadata Metadata { get; init; } = TCharm.Metadata;

    /// <summary>The application's name; the charm's unless given.</summary>
    public string AppName { get; init; } = TCharm.Metadata.Name;

    /// <summary>The unit's number.</summary>
    public int UnitId { get; init; }

    /// <summary>The model's name.</summary>
    public string ModelName { get; init; } = "testing";

    /// <summary>The model's UUID.</summary>
    public string ModelUuid { get; init; } = "3f4c5d6e-7a8b-4c9d-8e0f-112233445566";

    /// <summary>The version of Juju.</summary>
    public string JujuVersion { get; init; } = "3.6.9";

    /// <summary>The charm's folder; the test program's unless given.</summary>
    public string CharmDir { get; init; } = AppContext.BaseDirectory;

    /// <summary>Environment variables that Juju would set beside its own, such as JUJU_CHARM_HTTP_PROXY.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives the charm an event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="state">What it starts from. It is not changed.</param>
    /// <exception cref="InconsistentScenarioException">Juju could not produce this event in this state.</exception>
    /// <exception cref="UncaughtCharmException">The charm threw.</exception>
    public Outcome Run(Event e, State state) => Run(e, state, static (_, _) => { });

    /// <summary>Gives the charm an event, and looks at the charm before its changes are written: to read its members, or call them.</summary>
    /// <param name="e">The event.</param>
    /// <param name="state">What it starts from. It is not changed.</param>
    /// <param name="look">Called with the charm after the event was handled.</param>
    /// <exception cref="InconsistentScenarioException">Juju could not produce this event in this state.</exception>
    /// <exception cref="UncaughtCharmException">The charm threw.</exception>
    public Outcome Run(Event e, State state, Action<TCharm> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        return Run(e, state, (charm, _) => look(charm));
    }

    Outcome Run(Event e, State state, Action<TCharm, Framework> look)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(state);
        var run = new Run(this.Metadata, state, AppName, UnitId, ModelUuid);
        e = run.Localize(e);
        ConsistencyChecker.Check(e, state, Metadata, UnitId);
        var context = new JujuContext
        {
            UnitName = run.UnitName,
            ModelName = ModelName,
            ModelUuid = ModelUuid,
            JujuVersion = JujuVersion,
            CharmDir = CharmDir,
            EventName = e.Name,
            ActionName = e.ActionName,
            EventVariables = e.Variables,
            Environment = new TestEnvironment(Environment),
        };
        var tools = new StateHookTools(run, e);
        var framework = new Framework(context, tools, Metadata, run.Connect, Time) { Emitted = run.Record };
        try
        {
            Dispatch.Emit(framework, TCharm.Create, e.Name, charm => look((TCharm)charm, framework));
        }
        catch (Exception error) when (error is not InconsistentScenarioException)
        {
            throw new UncaughtCharmException(run.Logs, error);
        }

        return run.Finish();
    }
}
