using Pebble.Client;

namespace Ops.Testing;

/// <summary>Combines layers as Pebble does: <c>replace</c> takes the upper definition, <c>merge</c> what it gives over what is below.</summary>
/// <remarks>Source: Pebble's layer specification.</remarks>
static class PlanOfLayers
{
    public static Layer Combine(IEnumerable<LabelledLayer> layers) => layers.Aggregate(new Layer(), (plan, layer) => Merge(plan, layer.Layer, layer.Label));

    public static Layer Merge(Layer below, Layer above, string label) => new()
    {
        Summary = Text(below.Summary, above.Summary),
        Description = Text(below.Description, above.Description),
        Services = Each(below.Services, above.Services, s => s.Override, Merge, "service", label),
        Checks = Each(below.Checks, above.Checks, c => c.Override, Merge, "check", label),
        LogTargets = Each(below.LogTargets, above.LogTargets, t => t.Override, Merge, "log target", label),
    };

    static Dictionary<string, T> Each<T>(
        IReadOnlyDictionary<string, T> below, IReadOnlyDictionary<string, T> above, Func<T, string?> kind, Func<T, T, T> merge, string what, string label)
    {
        var merged = new Dictionary<string, T>(below);
        foreach (var (name, value) in above)
        {
            merged[name] = kind(value) switch
            {
                "replace" => value,
                "merge" => below.TryGetValue(name, out var old) ? merge(old, value) : value,
                null or "" => throw Refused($"layer \"{label}\" must define \"override\" for {what} \"{name}\""),
                var other => throw Refused($"layer \"{label}\" has invalid \"override\" value for {what} \"{name}\": \"{other}\""),
            };
        }

        return merged;
    }

    static PebbleApiException Refused(string message) => new(400, "Bad Request", message, null);

    static Service Merge(Service below, Service above) => new()
    {
        Override = below.Override,
        Summary = Text(below.Summary, above.Summary),
        Description = Text(below.Description, above.Description),
        Startup = Text(below.Startup, above.Startup),
        Command = Text(below.Command, above.Command),
        After = [.. below.After, .. above.After],
        Before = [.. below.Before, .. above.Before],
        Requires = [.. below.Requires, .. above.Requires],
        Environment = Map(below.Environment, above.Environment),
        User = Text(below.User, above.User),
        UserId = above.UserId ?? below.UserId,
        Group = Text(below.Group, above.Group),
        GroupId = above.GroupId ?? below.GroupId,
        WorkingDir = Text(below.WorkingDir, above.WorkingDir),
        OnSuccess = Text(below.OnSuccess, above.OnSuccess),
        OnFailure = Text(below.OnFailure, above.OnFailure),
        OnCheckFailure = Map(below.OnCheckFailure, above.OnCheckFailure),
        BackoffDelay = above.BackoffDelay ?? below.BackoffDelay,
        BackoffFactor = above.BackoffFactor ?? below.BackoffFactor,
        BackoffLimit = above.BackoffLimit ?? below.BackoffLimit,
        KillDelay = above.KillDelay ?? below.KillDelay,
    };

    static Check Merge(Check below, Check above) => new()
    {
        Override = below.Override,
        Level = Text(below.Level, above.Level),
        Startup = Text(below.Startup, above.Startup),
        Period = above.Period ?? below.Period,
        Timeout = above.Timeout ?? below.Timeout,
        Threshold = above.Threshold ?? below.Threshold,
        Http = above.Http ?? below.Http,
        Tcp = above.Tcp ?? below.Tcp,
        Exec = above.Exec ?? below.Exec,
    };

    static LogTarget Merge(LogTarget below, LogTarget above) => new()
    {
        Override = below.Override,
        Type = Text(below.Type, above.Type),
        Location = Text(below.Location, above.Location),
        Services = [.. below.Services, .. above.Services],
        Labels = Map(below.Labels, above.Labels),
    };

    static string? Text(string? below, string? above) => above is { Length: > 0 } ? above : below;

    static Dictionary<string, string> Map(IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var merged = new Dictionary<string, string>(below);
        foreach (var (key, value) in above)
        {
            merged[key] = value;
        }

        return merged;
    }
}
