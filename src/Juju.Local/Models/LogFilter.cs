using Juju.Local.Api;

namespace Juju.Local.Models;

/// <summary>Which lines <c>debug-log</c> shows. Source: https://documentation.ubuntu.com/juju/3.6/reference/juju-cli/list-of-juju-cli-commands/debug-log/.</summary>
sealed class LogFilter(LogsRequest request)
{
    static readonly string[] Levels = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    readonly int least = request.Level is null ? 0 : Array.IndexOf(Levels, request.Level.ToUpperInvariant());

    public bool Matches(LogLine line) =>
        Array.IndexOf(Levels, line.Level) >= least
        && (request.Include.Count == 0 || request.Include.Any(entity => IsEntity(entity, line.Entity)))
        && !request.Exclude.Any(entity => IsEntity(entity, line.Entity))
        && (request.IncludeModule.Count == 0 || request.IncludeModule.Any(module => IsModule(module, line.Module)))
        && !request.ExcludeModule.Any(module => IsModule(module, line.Module));

    static bool IsEntity(string pattern, string entity)
    {
        var tag = pattern.Contains('/') && !pattern.StartsWith("unit-", StringComparison.Ordinal)
            ? "unit-" + pattern.Replace('/', '-')
            : pattern;
        return tag.EndsWith('*')
            ? entity.StartsWith(tag[..^1], StringComparison.Ordinal) || entity.StartsWith("unit-" + tag[..^1], StringComparison.Ordinal)
            : entity == tag || IsUnitOf(tag, entity);
    }

    // An application's name stands for all its units.
    static bool IsUnitOf(string application, string entity) =>
        entity.StartsWith($"unit-{application}-", StringComparison.Ordinal)
        && entity.AsSpan(application.Length + 6).IndexOfAnyExceptInRange('0', '9') < 0;

    static bool IsModule(string module, string name) =>
        name == module || name.StartsWith(module + ".", StringComparison.Ordinal);
}
