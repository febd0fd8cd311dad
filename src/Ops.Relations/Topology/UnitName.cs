namespace Ops.Relations.Topology;

/// <summary>The name under which others reach this unit.</summary>
static class UnitName
{
    static readonly char[] Blanks = [' ', '\t'];

    /// <summary>
    /// The fully qualified name that Kubernetes writes into the pod's hosts file beside the short one, as a resolver would
    /// find it; without such a line the host's name. Asking a resolver could wait for a name server at every event.
    /// </summary>
    /// <remarks>Source: Python's <c>socket.getfqdn</c>, which the field's libraries use: the names of the host's address, the first with a dot, else the first.</remarks>
    public static string Fqdn => field ??= Read("/etc/hosts", Environment.MachineName);

    internal static string Read(string hostsFile, string hostName)
    {
        List<string[]> lines = [];
        if (File.Exists(hostsFile))
        {
            foreach (var line in File.ReadAllLines(hostsFile))
            {
                var text = line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var comment ? line[..comment] : line;
                var words = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 1)
                {
                    lines.Add(words);
                }
            }
        }

        if (lines.Find(words => Array.IndexOf(words, hostName, 1) > 0) is not { } own)
        {
            return hostName;
        }

        var names = lines.Find(words => words[0] == own[0])!;
        return Array.FindIndex(names, 1, name => name.Contains('.', StringComparison.Ordinal)) is > 0 and var qualified ? names[qualified] : names[1];
    }
}
