namespace Pebble.Plan;

/// <summary>One layer, or several combined into one.</summary>
sealed record Layer
{
    /// <summary>Thousand times the number of a file (or folder), plus the number of a file in a folder.</summary>
    public int Order { get; init; }

    public required string Label { get; init; }

    public string Summary { get; init; } = "";

    public string Description { get; init; } = "";

    public SortedDictionary<string, ServiceConfig> Services { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, CheckConfig> Checks { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, LogTarget> LogTargets { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Workload> Workloads { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The mode of the "pairing" section, which is shown and not acted on.</summary>
    public string Pairing { get; init; } = "";
}

/// <summary>A layer or plan breaks a rule of the specification.</summary>
sealed class PlanError(string message) : Exception(message)
{
    /// <summary>The message says by itself where it is: nothing is put before it.</summary>
    public bool IsComplete { get; init; }
}
