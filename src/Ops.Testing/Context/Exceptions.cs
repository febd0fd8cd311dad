namespace Ops.Testing;

/// <summary>The state and the event do not fit the charm or each other: Juju could never produce them.</summary>
/// <param name="problems">Each says what, and why not.</param>
/// <remarks>Source: ops.testing.errors.InconsistentScenarioError.</remarks>
public sealed class InconsistentScenarioException(IReadOnlyList<string> problems)
    : Exception($"Juju could not produce this:{string.Concat(problems.Select(p => $"\n- {p}"))}")
{
    /// <summary>Each says what, and why not.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>A handler threw: the hook would have failed, and Juju would have dropped what it wrote.</summary>
/// <param name="logs">What was logged before.</param>
/// <param name="inner">What it threw.</param>
/// <remarks>Source: ops.testing.errors.UncaughtCharmError.</remarks>
public sealed class UncaughtCharmException(IReadOnlyList<LogLine> logs, Exception inner)
    : Exception($"the charm threw {inner.GetType().Name}: {inner.Message}", inner)
{
    /// <summary>What was logged before.</summary>
    public IReadOnlyList<LogLine> Logs { get; } = logs;
}
