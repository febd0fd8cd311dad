namespace Juju.Local.Sandboxes;

/// <summary>Files of <c>/etc</c> that a container has of its own, laid over those of its image and of the machine.</summary>
static class UserFiles
{
    /// <summary>Writes them below a container's scratch folder before it starts.</summary>
    public static void Write(string upper, string? image, string hostname)
    {
        var etc = Directory.CreateDirectory(Path.Combine(upper, "etc")).FullName;
        File.WriteAllText(Path.Combine(etc, "hostname"), hostname + "\n");
        File.WriteAllText(Path.Combine(etc, "resolv.conf"), Resolver());

        // Only a place to mount the unit's own file on; the machine's may be a link.
        File.WriteAllText(Path.Combine(etc, "hosts"), "");
        foreach (var name in new[] { "passwd", "group" })
        {
            File.WriteAllLines(Path.Combine(etc, name), Merge($"/etc/{name}", image is null ? null : Path.Combine(image, "etc", name)));
        }
    }

    /// <summary>The image's users and groups go before the machine's of the same name.</summary>
    static IEnumerable<string> Merge(string system, string? image)
    {
        var names = new HashSet<string>();
        foreach (var file in new[] { image, system })
        {
            foreach (var line in file is not null && File.Exists(file) ? File.ReadLines(file) : [])
            {
                if (line.Length > 0 && names.Add(line.Split(':')[0]))
                {
                    yield return line;
                }
            }
        }
    }

    // The stub of systemd-resolved listens on the machine's own loopback, which a unit does not see.
    static string Resolver()
    {
        const string Upstream = "/run/systemd/resolve/resolv.conf";
        var file = File.Exists(Upstream) ? Upstream : "/etc/resolv.conf";
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
