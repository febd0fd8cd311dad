using System.Collections.Immutable;

namespace Juju.Local.State;

/// <summary>What a unit's agent has told the charm so far; the difference to the model is what it tells next.</summary>
sealed record AgentRecord
{
    public required string Unit { get; init; }

    public bool Installed { get; init; }

    public bool Started { get; init; }

    public bool Stopped { get; init; }

    /// <summary>The pod of the old charm has stopped; <c>upgrade-charm</c> is next.</summary>
    public bool StoppedToUpgrade { get; init; }

    public bool Removed { get; init; }

    public bool Leader { get; init; }

    public int CharmCounter { get; init; }

    /// <summary>Of the configuration, trust and address that the charm was last told.</summary>
    public string? ConfigHash { get; init; }

    /// <summary><c>start</c> follows each <c>config-changed</c> of an install or upgrade.</summary>
    public bool StartPending { get; init; } = true;

    /// <summary>The turn that is going on.</summary>
    public HookRun? Running { get; init; }

    /// <summary>The turn that failed; nothing else happens until it succeeds or is resolved.</summary>
    public HookRun? Failed { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>By relation id.</summary>
    public ImmutableSortedDictionary<int, AgentRelation> Relations { get; init; } = ImmutableSortedDictionary<int, AgentRelation>.Empty;

    /// <summary>Pebble-ready, notices and checks that wait for their turn.</summary>
    public ImmutableList<HookRun> Workload { get; init; } = [];

    /// <summary>By container: the last notice taken, as Pebble writes its time.</summary>
    public ImmutableSortedDictionary<string, string> NoticesAfter { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>By container: the boot of Pebble that pebble-ready was queued for.</summary>
    public ImmutableSortedDictionary<string, string> Boots { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>By secret: the revision that secret-changed told.</summary>
    public ImmutableSortedDictionary<string, int> SecretsTold { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary><c>expired ID/REV</c>, <c>remove ID/REV</c>, with when it was last told.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> OwnerTold { get; init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty;

    public ImmutableSortedSet<string> AttachedStorage { get; init; } = [];

    public DateTimeOffset? UpdateStatusAt { get; init; }
}

/// <summary>What a unit knows of one relation.</summary>
sealed record AgentRelation
{
    public bool Created { get; init; }

    public bool Broken { get; init; }

    /// <summary>Remote units joined, with the version of their databag last told; -1 right after joined.</summary>
    public ImmutableSortedDictionary<string, int> Members { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    public int ApplicationVersion { get; init; }
}

/// <summary>The charm's own key-value state (<c>state-set</c>).</summary>
sealed record UnitState(string Unit, ImmutableSortedDictionary<string, string> Values);

/// <summary>A running container, so that a new controller finds it again.</summary>
/// <param name="ProcessId">The first process in it, as the host numbers it.</param>
/// <param name="StartTime">Of that process, in ticks since boot: process ids are used again.</param>
/// <param name="Image">The folder that it is laid over; null: none of its own.</param>
sealed record SandboxRecord(string Unit, string Container, int ProcessId, long StartTime, int ResourceCounter, string? Image = null)
{
    /// <summary>The end of the word that stands for a start of the container: its Pebble may not know that it is a new one.</summary>
    public string Start => string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {ProcessId} {StartTime}");

    public static string Key(string unit, string container) => $"{unit} {container}";
}
