namespace Ops;

/// <summary>The base class of every charm. Its constructor observes the events that matter; each dispatch makes one, emits one event and ends.</summary>
/// <param name="framework">What <see cref="Charm.Run{TCharm}"/>, or a test's context, passes in.</param>
/// <remarks>Source: ops.CharmBase. Mark the class <c>partial</c>: the generator adds what charmcraft.yaml declares.</remarks>
public abstract class CharmBase(Framework framework) : OpsObject(framework)
{
    /// <summary>The charm's events, by the names of Juju; those that charmcraft.yaml declares are members of the generated type.</summary>
    public CharmEvents On => field ??= new CharmEvents(this);

    /// <summary>What charmcraft.yaml says about the charm.</summary>
    public CharmMetadata Meta => Framework.Meta;

    /// <summary>The application that this unit belongs to.</summary>
    public Application App => Model.App;

    /// <summary>This unit.</summary>
    public Unit Unit => Model.Unit;

    /// <summary>The application's configuration, by option name. The generated type has a typed property for each option.</summary>
    public ConfigData Config => Model.Config;

    /// <summary>The folder that the charm was unpacked to (JUJU_CHARM_DIR).</summary>
    public string CharmDir => Framework.Context.CharmDir;
}
