namespace Juju.Local.Api;

/// <summary>A part of the model's log. Filters are Juju's: entities <c>unit-x-0</c> or <c>x/0</c>, with <c>*</c>.</summary>
sealed record LogsRequest
{
    public required string Model { get; init; }

    /// <summary>Only lines with a higher id; 0: from the beginning.</summary>
    public long After { get; init; }

    /// <summary>The last so many of the lines that match; 0: all.</summary>
    public int Last { get; init; }

    /// <summary>At most so many; 0: no limit.</summary>
    public int Limit { get; init; }

    /// <summary>The least level: TRACE DEBUG INFO WARNING ERROR.</summary>
    public string? Level { get; init; }

    public IReadOnlyList<string> Include { get; init; } = [];

    public IReadOnlyList<string> Exclude { get; init; } = [];

    public IReadOnlyList<string> IncludeModule { get; init; } = [];

    public IReadOnlyList<string> ExcludeModule { get; init; } = [];

    /// <summary>With no line yet, waits so long for one.</summary>
    public double WaitSeconds { get; init; }
}

/// <summary>Entity <c>unit-x-0</c> or <c>controller-0</c>; module <c>unit.x/0.juju-log</c>.</summary>
sealed record LogLine(long Id, DateTimeOffset Time, string Entity, string Level, string Module, string Message);

/// <summary>Next: what to send as After for the lines behind these.</summary>
sealed record LogPage(IReadOnlyList<LogLine> Lines, long Next);

/// <summary>Kinds <c>workload</c> and <c>juju-unit</c>, or <c>application</c>.</summary>
sealed record StatusLogRequest(string Model, string Entity, int Limit);

sealed record StatusLogLine(DateTimeOffset Time, string Kind, string Status, string Message);
