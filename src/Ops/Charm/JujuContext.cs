using Ops.HookTools;

namespace Ops;

/// <summary>What Juju says about a dispatch in its environment (JUJU_…).</summary>
/// <remarks>Source: "Environment" of the charm contract; https://documentation.ubuntu.com/juju/3.6/reference/hook/.</remarks>
public sealed record JujuContext
{
    /// <summary>JUJU_UNIT_NAME: <c>discourse-k8s/0</c>.</summary>
    public required string UnitName { get; init; }

    /// <summary>JUJU_MODEL_NAME.</summary>
    public required string ModelName { get; init; }

    /// <summary>JUJU_MODEL_UUID.</summary>
    public required string ModelUuid { get; init; }

    /// <summary>JUJU_CHARM_DIR; the working folder if unset.</summary>
    public string CharmDir { get; init; } = "";

    /// <summary>JUJU_VERSION: <c>3.6.9</c>; <c>0.0.0</c> if unset.</summary>
    public string JujuVersion { get; init; } = "0.0.0";

    /// <summary>The event in the form of ops, <c>config_changed</c> or <c>create_user_action</c>; null if this is no hook and no action.</summary>
    public string? EventName { get; init; }

    /// <summary>JUJU_ACTION_NAME with its dashes; null unless an action runs.</summary>
    public string? ActionName { get; init; }

    /// <summary>The variables that the event is made of, by name.</summary>
    public IReadOnlyDictionary<string, string> EventVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Every variable that begins with JUJU_CHARM_ and ends in _PROXY is in this environment; see <see cref="Model.Proxy"/>.</summary>
    public IEnvironment Environment { get; init; } = new ProcessEnvironment();

    /// <summary>The application's name: the unit's, up to the slash.</summary>
    public string AppName => UnitName[..UnitName.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Reads the environment of a dispatch.</summary>
    /// <param name="environment">The variables.</param>
    /// <exception cref="ModelException">A variable that Juju always sets is missing, or the unit's name is not one.</exception>
    public static JujuContext FromEnvironment(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var unit = Required("JUJU_UNIT_NAME");
        if (unit.IndexOf('/', StringComparison.Ordinal) <= 0)
        {
            throw new ModelException($"cannot read JUJU_UNIT_NAME: \"{unit}\" is not of the form APPLICATION/NUMBER");
        }

        var (name, action) = EventOf(environment);
        return new JujuContext
        {
            UnitName = unit,
            ModelName = Required("JUJU_MODEL_NAME"),
            ModelUuid = Required("JUJU_MODEL_UUID"),
            CharmDir = environment.Find("JUJU_CHARM_DIR") ?? environment.Find("CHARM_DIR") ?? Directory.GetCurrentDirectory(),
            JujuVersion = environment.Find("JUJU_VERSION") ?? "0.0.0",
            EventName = name,
            ActionName = action,
            EventVariables = JujuEvents.Variables(environment),
            Environment = environment,
        };

        string Required(string variable) => environment.Find(variable)
            ?? throw new ModelException($"cannot run the charm: {variable} is not set; a charm's dispatch is started by a Juju unit agent");
    }

    /// <summary>
    /// JUJU_DISPATCH_PATH is <c>hooks/config-changed</c> or <c>actions/create-user</c>. Without it (a charm whose hooks/ are links to dispatch)
    /// the names that Juju gives beside it say the same. All empty: the program was run through "juju exec".
    /// </summary>
    static (string? Event, string? Action) EventOf(IEnvironment environment)
    {
        var path = environment.Find("JUJU_DISPATCH_PATH") ?? "";
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        if (name.Length > 0 && path.StartsWith("actions/", StringComparison.Ordinal))
        {
            return (Events.EventName.OfAction(name), name);
        }

        if (name.Length > 0 && name != "dispatch")
        {
            return (Events.EventName.OfHook(name), null);
        }

        if (environment.Find("JUJU_HOOK_NAME") is { Length: > 0 } hook)
        {
            return (Events.EventName.OfHook(hook), null);
        }

        return environment.Find("JUJU_ACTION_NAME") is { Length: > 0 } action ? (Events.EventName.OfAction(action), action) : (null, null);
    }
}
