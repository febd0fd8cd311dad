using Juju.Local.Charms;

namespace Juju.Local.Cli.Applications;

/// <summary>
/// Charms that stand for those of Charmhub by their names: <c>NAME.charm</c> or a folder <c>NAME</c>, in the folders that
/// <c>JUJU_LOCAL_CHARMS</c> names, else beside the program (<c>../charms</c>) and below the working directory
/// (<c>out/charms</c>).
/// </summary>
sealed class BuiltInCharms(Terminal terminal)
{
    public IReadOnlyList<string> Folders { get; } = terminal.CharmFolders is { } given
        ? [.. given.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath)]
        : [.. new[] { Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../charms")), Path.GetFullPath("out/charms") }.Distinct()];

    /// <summary>The charm's path.</summary>
    /// <exception cref="CommandException">No folder has it; the message names the remedy.</exception>
    public string Find(string name)
    {
        foreach (var folder in Folders)
        {
            var file = Path.Combine(folder, name + ".charm");
            if (File.Exists(file))
            {
                return file;
            }

            var directory = Path.Combine(folder, name);
            if (File.Exists(Path.Combine(directory, "metadata.yaml")) || File.Exists(Path.Combine(directory, "charmcraft.yaml")))
            {
                return directory;
            }
        }

        var known = List().Select(charm => charm.Name).ToList();
        throw new CommandException(
            $"charm or bundle \"{name}\" not found: it is not among the charms in {string.Join(", ", Folders)}"
            + (known.Count > 0 ? $" ({string.Join(", ", known)})" : "")
            + "; give the path of a .charm file such as ./x.charm, or name its folder in JUJU_LOCAL_CHARMS");
    }

    public IReadOnlyList<(string Name, string Path)> List() =>
    [
        .. Folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.charm"))
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Path: path))
            .DistinctBy(charm => charm.Name)
            .OrderBy(charm => charm.Name, StringComparer.Ordinal),
    ];
}

/// <summary>What <c>deploy</c> and <c>refresh</c> were given as a charm.</summary>
/// <param name="Origin"><c>local</c> or <c>charmhub</c>.</param>
sealed record CharmSource(string Path, string Origin)
{
    public CharmDefinition Definition { get; } = CharmReader.Read(Path);

    /// <summary>A path if it looks like one, as juju decides; else a name.</summary>
    public static bool IsPath(string charm) =>
        charm.StartsWith('.') || charm.StartsWith('/') || charm.StartsWith('~') || charm.EndsWith(".charm", StringComparison.Ordinal)
        || (charm.Contains('/') && (File.Exists(charm) || Directory.Exists(charm)));

    /// <param name="folder">What relative paths are below.</param>
    /// <exception cref="CommandException">There is no such charm.</exception>
    public static CharmSource Find(string charm, string folder, BuiltInCharms builtIn)
    {
        charm = charm.StartsWith("local:", StringComparison.Ordinal) ? charm["local:".Length..] : charm;
        if (!IsPath(charm))
        {
            var name = charm.StartsWith("ch:", StringComparison.Ordinal) ? charm["ch:".Length..] : charm;
            return new CharmSource(builtIn.Find(name), "charmhub");
        }

        var path = Paths.Resolve(charm, folder);
        return File.Exists(path) || Directory.Exists(path)
            ? new CharmSource(path, "local")
            : throw new CommandException($"cannot deploy \"{charm}\": there is no file or folder {path}");
    }
}

/// <summary>Paths of the command line, made absolute: the controller has another working directory.</summary>
static class Paths
{
    public static string Resolve(string path, string folder) => Path.GetFullPath(
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path,
        folder);

    /// <summary>A resource's value: a path if it is one, else as it is (<c>host</c>, an image's name).</summary>
    public static string ResolveResource(string value, string folder) =>
        value.StartsWith('.') || value.StartsWith('/') || value.StartsWith('~') || (value != "host" && Path.Exists(Path.Combine(folder, value)))
            ? Resolve(value, folder)
            : value;
}
