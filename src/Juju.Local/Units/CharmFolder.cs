using Juju.Local.Sandboxes;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>The charm's files in a unit's folder.</summary>
static class CharmFolder
{
    /// <summary>What the charm itself writes there survives an upgrade, as it does on machines.</summary>
    const string CharmState = ".unit-state.db";

    /// <summary>Puts the unit's charm there. The folder itself stays: it is mounted in the charm's container.</summary>
    public static void Replace(UnitPlace place, CharmRecord charm)
    {
        Directory.CreateDirectory(place.Charm);
        foreach (var entry in new DirectoryInfo(place.Charm).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else if (entry.Name != CharmState)
            {
                entry.Delete();
            }
        }

        using (var files = Charms.CharmFiles.Open(charm.Folder))
        {
            files.CopyTo(place.Charm);
        }

        File.WriteAllText(Path.Combine(place.Charm, ".juju-charm"), charm.Url);
    }

    /// <summary>File resources as files, images as the YAML that names them.</summary>
    public static void WriteResources(UnitPlace place, CharmRecord charm, ApplicationRecord application)
    {
        foreach (var (name, definition) in charm.Definition.Resources)
        {
            if (!application.Resources.TryGetValue(name, out var value))
            {
                continue;
            }

            var folder = Directory.CreateDirectory(Path.Combine(place.Resources, name)).FullName;
            if (definition.Type == "file")
            {
                File.Copy(application.Contents.GetValueOrDefault(name) ?? value, Path.Combine(folder, definition.Filename ?? name), overwrite: true);
            }
            else
            {
                File.WriteAllText(Path.Combine(folder, "content.yaml"), $"registrypath: {Yaml.YamlWriter.Quote(value)}\nusername: \"\"\npassword: \"\"\n");
            }
        }
    }
}
