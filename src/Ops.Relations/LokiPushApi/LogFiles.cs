using Pebble.Client;

namespace Ops.Relations.LokiPushApi;

/// <summary>Files that a workload logs to instead of its output, which is what Pebble forwards.</summary>
/// <param name="Container">The container that has them.</param>
/// <param name="Paths">Absolute paths, without spaces; those that are not there yet are waited for.</param>
public sealed record LogFiles(string Container, params IReadOnlyList<string> Paths)
{
    /// <summary>Name of the service that prints what is added to the files.</summary>
    internal string ServiceName => $"{Container}-logs";

    // Begins at the end, so that a restart sends nothing twice; by name, so that a rotated file is followed.
    string Command => $"tail --follow=name --retry --quiet --lines=0 {string.Join(' ', Paths)}";

    /// <summary>The service as it has to be laid over the plan; empty when it is there already.</summary>
    internal IReadOnlyDictionary<string, Service> Changes(IReadOnlyDictionary<string, Service> plan)
    {
        var changes = new Dictionary<string, Service>();
        if (plan.GetValueOrDefault(ServiceName)?.Command != Command)
        {
            // Not started by a replan: it runs only while there is somebody to forward to.
            changes[ServiceName] = new Service { Override = "replace", Summary = "Log files, for forwarding", Command = Command, Startup = "disabled" };
        }

        return changes;
    }
}
