using Pebble.Client;

namespace Ops.Testing;

static class ContainerChecks
{
    public static IEnumerable<string> Of(State state, CharmMetadata meta)
    {
        foreach (var container in state.Containers)
        {
            if (!meta.Containers.ContainsKey(container.Name))
            {
                yield return $"the container \"{container.Name}\" is not declared; {ConsistencyChecker.Declared(meta.Containers.Keys)}";
            }

            if (PlanProblem(container) is { } problem)
            {
                yield return $"the plan of container \"{container.Name}\" is not valid: {problem}";
                continue;
            }

            var plan = container.Plan;
            foreach (var service in container.Services.Keys.Where(s => !plan.Services.ContainsKey(s)))
            {
                yield return $"the container \"{container.Name}\" has a status of service \"{service}\", which no layer of it has";
            }

            foreach (var check in container.Checks.Keys.Where(c => !plan.Checks.ContainsKey(c)))
            {
                yield return $"the container \"{container.Name}\" has a result of check \"{check}\", which no layer of it has";
            }

            foreach (var same in container.Execs.GroupBy(e => string.Join(' ', e.Command)).Where(g => g.Count() > 1))
            {
                yield return $"the container \"{container.Name}\" has {same.Count()} answers for the command [{same.Key}]: only one can be the right one";
            }

            foreach (var path in container.Files.Keys.Where(p => !p.StartsWith('/')))
            {
                yield return $"the file \"{path}\" of container \"{container.Name}\" has no absolute path";
            }
        }

        foreach (var same in state.Containers.GroupBy(c => c.Name).Where(g => g.Count() > 1))
        {
            yield return $"the container \"{same.Key}\" is in the state more than once";
        }
    }

    static string? PlanProblem(ContainerState container)
    {
        try
        {
            _ = container.Plan;
            return null;
        }
        catch (PebbleApiException e)
        {
            return e.Message;
        }
    }
}
