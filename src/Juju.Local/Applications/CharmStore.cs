using System.Security.Cryptography;
using Juju.Local.Charms;
using Juju.Local.Controllers;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Applications;

/// <summary>The charms of a model, unpacked below the controller's home.</summary>
static class CharmStore
{
    const string Digest = ".juju-digest";

    /// <summary>Unpacks the charm. A local one gets the next revision of its name, a store's its own.</summary>
    public static CharmRecord Add(Controller controller, Model model, string path, CharmDefinition definition, string origin, int? revision)
    {
        var number = 0;
        if (origin == "local")
        {
            model.Update(state =>
            {
                number = state.Info.NextRevision.GetValueOrDefault(definition.Name);
                return state with { Info = state.Info with { NextRevision = state.Info.NextRevision.SetItem(definition.Name, number + 1) } };
            });
        }
        else
        {
            number = revision ?? 1;
        }

        var url = origin == "local" ? $"local:{definition.Name}-{number}" : $"ch:{definition.Name}-{number}";
        var digest = DigestOf(path);

        // A store's charm may be another file under the same revision: the folder has the content's name.
        var folder = Path.Combine(controller.Home.Charms(model.Uuid), $"{definition.Name}-{number}-{digest[..8]}");
        var record = new CharmRecord { Url = url, Folder = folder, Definition = definition, Revision = number };
        if (!Directory.Exists(folder))
        {
            using var files = CharmFiles.Open(path);
            var unfinished = folder + ".new";
            files.CopyTo(unfinished);
            File.WriteAllText(Path.Combine(unfinished, Digest), digest);
            Directory.Move(unfinished, folder);
        }

        model.Update(state => state with { Charms = state.Charms.SetItem(url, record) });
        return record;
    }

    /// <summary>Whether the file or folder is what was unpacked.</summary>
    public static bool IsSame(CharmRecord charm, string path) =>
        File.Exists(Path.Combine(charm.Folder, Digest)) && File.ReadAllText(Path.Combine(charm.Folder, Digest)) == DigestOf(path);

    static string DigestOf(string path)
    {
        if (File.Exists(path))
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file)));
            using var content = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
