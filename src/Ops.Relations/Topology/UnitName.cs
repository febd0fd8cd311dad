namespace Ops.Relations.Topology;

/// <summary>The name under which others reach this unit.</summary>
static class UnitName
{
    /// <summary>
    /// The fully qualified name that Kubernetes writes into the pod's hosts file beside the short one, as a resolver would
    /// find it; without such a line the host's name. Asking a resolver could wait for a name server at every event.
    /// </summary>
    public static string Fqdn => field ??= Read("/etc/hosts", Environment.MachineName);

    internal static string Read(string hostsFile, string hostName)
    {
        if (!File.Exists(hostsFile))
        {
            return hostName;
        }

        foreach (var line in File.ReadLines(hostsFile))
        {
            var names = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Skip(1).ToList();
            if (names.Contains(hostName) && names.Find(name => name.Contains('.', StringComparison.Ordinal)) is { } qualified)
            {
                return qualified;
            }
        }

        return hostName;
    }
}
