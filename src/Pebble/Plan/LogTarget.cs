namespace Pebble.Plan;

/// <summary>Where logs are sent, as layers describe it.</summary>
/// <remarks>Source: the layer specification.</remarks>
sealed record LogTarget
{
    public required string Name { get; init; }

    /// <summary>"loki", "opentelemetry" or "syslog".</summary>
    public string Type { get; init; } = "";

    public string Location { get; init; } = "";

    /// <summary>Names, "all", and either with a "-" before it; the last match wins.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    public string Override { get; init; } = "";

    public SortedMap Labels { get; init; } = SortedMap.Empty;

    public LogTarget Merge(LogTarget later) => this with
    {
        Type = later.Type.Or(Type),
        Location = later.Location.Or(Location),
        Services = [.. Services, .. later.Services],
        Labels = Labels.Merge(later.Labels),
    };

    /// <summary>Whether the logs of that service go here.</summary>
    public bool Takes(string service)
    {
        foreach (var each in Services.Reverse())
        {
            if (each == service || each == "all")
            {
                return true;
            }

            if (each == "-" + service || each == "-all")
            {
                return false;
            }
        }

        return false;
    }
}
