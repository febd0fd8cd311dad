using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Models;
using Juju.Local.Sandboxes;

namespace Juju.Local.Applications;

/// <summary>
/// What resources held when they were given, as a controller keeps uploaded ones: an image that is built anew, or a file that
/// is edited, does not change under a container that runs. Each content is kept once, under its digest.
/// </summary>
static class ResourceStore
{
    /// <summary>Resource to its kept content. One without files, such as <c>host</c>, has none.</summary>
    /// <exception cref="ControllerException">A file or folder is missing.</exception>
    public static async Task<ImmutableSortedDictionary<string, string>> AddAllAsync(
        ControllerHome home, Model model, CharmDefinition definition, IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        Sweep(home, model);
        var contents = ImmutableSortedDictionary<string, string>.Empty;
        foreach (var (name, value) in values)
        {
            if (definition.Resources.GetValueOrDefault(name) is { } resource && SourceOf(resource, value) is { } source)
            {
                contents = contents.SetItem(name, await AddAsync(home.Resources(model.Uuid), name, source, cancellation));
            }
        }

        return contents;
    }

    /// <summary>The folder that an image's value stands for: itself, or that beside the YAML file which names the image.</summary>
    public static string FolderOf(string value) =>
        value.EndsWith(".yaml", StringComparison.Ordinal) || value.EndsWith(".yml", StringComparison.Ordinal) ? Path.ChangeExtension(value, null) : value;

    static string? SourceOf(ResourceDefinition resource, string value)
    {
        if (resource.Type != "oci-image")
        {
            return File.Exists(value) ? value : throw ControllerException.NotFound($"resource \"{resource.Name}\": there is no file \"{value}\"");
        }

        if (value is "host" or "" || !Path.IsPathRooted(value))
        {
            return null;
        }

        var folder = FolderOf(value);
        return Directory.Exists(folder) ? folder
            : throw ControllerException.NotFound(
                $"resource \"{resource.Name}\": there is no folder \"{folder}\" with the root of its image; give a folder, or host for this machine's own programs");
    }

    static async Task<string> AddAsync(string store, string name, string source, CancellationToken cancellation)
    {
        Directory.CreateDirectory(store);
        var kept = Path.Combine(store, $"{name}-{DigestOf(source)[..16]}");
        if (!Path.Exists(kept))
        {
            var unfinished = kept + ".new";
            await HostCommand.RunAsync(["rm", "-rf", unfinished], null, cancellation);
            await HostCommand.RunAsync(["cp", "-a", "--reflink=auto", "--", source, unfinished], null, cancellation);
            await HostCommand.RunAsync(["mv", "-T", unfinished, kept], null, cancellation);
        }

        return kept;
    }

    // What no application has any more goes when the next comes; containers that still run on it are not disturbed.
    static void Sweep(ControllerHome home, Model model)
    {
        var state = model.State;
        var used = state.Applications.Values.SelectMany(application => application.Contents.Values)
            .Concat(state.Sandboxes.Values.Select(sandbox => sandbox.Image).OfType<string>()).ToHashSet();
        var store = home.Resources(model.Uuid);
        foreach (var old in Directory.Exists(store) ? Directory.EnumerateDirectories(store).Where(folder => !used.Contains(folder)) : [])
        {
            Directory.Delete(old, recursive: true);
        }
    }

    // Names, modes and contents; not times, which a build that changed nothing changes as well.
    static string DigestOf(string source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (File.Exists(source))
        {
            using var file = File.OpenRead(source);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }

        foreach (var entry in Entries(source))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(source, entry.FullName)}\0{(int)entry.UnixFileMode}\0{entry.LinkTarget}\0"));
            if (entry is FileInfo { LinkTarget: null } file)
            {
                using var content = file.OpenRead();
                hash.AppendData(SHA256.HashData(content));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<FileSystemInfo> Entries(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .SelectMany(entry => entry is DirectoryInfo { LinkTarget: null } inner ? [entry, .. Entries(inner.FullName)] : new[] { entry });
}
