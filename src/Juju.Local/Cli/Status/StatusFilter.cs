using System.IO.Enumeration;
using Juju.Local.Api;

namespace Juju.Local.Cli.Status;

/// <summary>
/// The part of a status that selectors name: applications, units (with their applications), status words, and
/// patterns with <c>*</c>. An application that a chosen unit belongs to is shown with that unit alone.
/// </summary>
static class StatusFilter
{
    public static ModelStatus Apply(ModelStatus status, IReadOnlyList<string> selectors)
    {
        if (selectors.Count == 0)
        {
            return status;
        }

        var applications = new SortedDictionary<string, ApplicationDetails>(StringComparer.Ordinal);
        foreach (var (name, application) in status.Applications)
        {
            if (selectors.Any(selector => Matches(selector, name)))
            {
                applications[name] = application;
                continue;
            }

            var units = application.Units.Where(unit => selectors.Any(selector => IsChosen(selector, unit))).ToList();
            if (units.Count > 0)
            {
                applications[name] = application with { Units = units };
            }
        }

        return status with
        {
            Applications = applications,
            Relations = [.. status.Relations.Where(relation => relation.Endpoints.Any(end => applications.ContainsKey(end.Application)))],
            Storage = [.. status.Storage.Where(storage => storage.Unit is { } unit && applications.ContainsKey(unit.Split('/')[0]))],
        };
    }

    static bool IsChosen(string selector, UnitDetails unit) =>
        Matches(selector, unit.Name) || selector == unit.Workload.Current || selector == unit.Agent.Current
        || (selector == $"{unit.Name.Split('/')[0]}/leader" && unit.Leader);

    static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
