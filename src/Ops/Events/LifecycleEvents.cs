namespace Ops;

/// <summary>An event that Juju sends: a hook or an action.</summary>
/// <remarks>Source: ops.HookEvent, and https://documentation.ubuntu.com/juju/3.6/reference/hook/ for each.</remarks>
public abstract class HookEvent : EventBase;

/// <summary>The unit is new: once, before any other event of its life but the creation of relations.</summary>
public sealed class InstallEvent : HookEvent;

/// <summary>After the first config-changed of a unit's life and after each restart of its pod or machine.</summary>
public sealed class StartEvent : HookEvent;

/// <summary>The unit goes away, or its pod is replaced.</summary>
public sealed class StopEvent : HookEvent
{
    private protected override string WhyNotDeferrable => "the unit may never get another event";
}

/// <summary>The last event of a unit.</summary>
public sealed class RemoveEvent : HookEvent
{
    private protected override string WhyNotDeferrable => "the unit gets no other event";
}

/// <summary>An option, the trust or an address changed; also after install, upgrade and restart.</summary>
public sealed class ConfigChangedEvent : HookEvent;

/// <summary>Now and then, every five minutes unless the model is configured otherwise.</summary>
public sealed class UpdateStatusEvent : HookEvent;

/// <summary>The charm was refreshed.</summary>
public sealed class UpgradeCharmEvent : HookEvent;

/// <summary>This unit leads its application now.</summary>
public sealed class LeaderElectedEvent : HookEvent;

/// <summary>The leader changed leader settings; old, not sent by Juju 4.</summary>
public sealed class LeaderSettingsChangedEvent : HookEvent;

/// <summary>Time to report metrics; old. Most hook tools refuse in it.</summary>
public sealed class CollectMetricsEvent : HookEvent;

/// <summary>The base of the machine is about to be upgraded; machines only.</summary>
public sealed class PreSeriesUpgradeEvent : HookEvent;

/// <summary>The base of the machine was upgraded; machines only.</summary>
public sealed class PostSeriesUpgradeEvent : HookEvent;
