using System.Text.RegularExpressions;
using Ops.Generators.Yaml;

namespace Ops.Generators.Charmcraft;

/// <summary>Makes a <see cref="CharmFile"/> of the YAML and collects all that is wrong with it.</summary>
sealed partial class CharmFileReader
{
    static readonly Regex NamePattern = new("^[a-z](-?[a-z0-9]+)*$", RegexOptions.CultureInvariant);

    readonly CharmFile file = new();

    public List<Problem> Problems { get; } = [];

    /// <summary>Reads the text; null if it is not YAML that can be read.</summary>
    public CharmFile? Read(string text)
    {
        YamlNode root;
        try
        {
            root = YamlReader.Read(text);
        }
        catch (YamlException e)
        {
            Problems.Add(new Problem(Rules.Unreadable, e.Position, 1, e.Message));
            return null;
        }

        if (root is not YamlMapping map)
        {
            Problems.Add(new Problem(Rules.Unreadable, root.Start, 1, "it is not a map of keys"));
            return null;
        }

        ReadHead(map);
        ReadRelations(map);
        ReadResources(map);
        ReadStorages(map);
        ReadContainers(map);
        ReadOptions(map);
        ReadActions(map);
        file.ExtraBindings.AddRange(Entries(map, "extra-bindings").Select(e => e.Key.Text));
        CheckMembers();
        return file;
    }

    void ReadHead(YamlMapping map)
    {
        var name = map.Find("name");
        if (name is null || Text(name) is not { Length: > 0 } text)
        {
            Problems.Add(new Problem(Rules.Missing, map.Start, 1, "the charm", "charmcraft.yaml", "name"));
            return;
        }

        file.Name = text;
        CheckName("charm", (YamlScalar)name.Value);
        file.Summary = map.Find("summary") is { } summary ? Text(summary) ?? "" : "";
        file.Description = map.Find("description") is { } description ? Text(description) ?? "" : "";
        file.Subordinate = Flag(map.Find("subordinate")) ?? false;
    }

    void ReadRelations(YamlMapping map)
    {
        var roles = new Dictionary<string, string>();
        foreach (var (section, role) in new[] { ("provides", "Provides"), ("requires", "Requires"), ("peers", "Peer") })
        {
            foreach (var entry in Entries(map, section))
            {
                if (roles.TryGetValue(entry.Key.Text, out var other))
                {
                    Problems.Add(new Problem(Rules.Twice, entry.Key.Start, entry.Key.Length, entry.Key.Text, other, section));
                    continue;
                }

                roles[entry.Key.Text] = section;
                var endpoint = new Endpoint(entry.Key) { Role = role };
                if (Mapping(entry) is { } fields)
                {
                    endpoint.Interface = fields.Find("interface") is { } i ? Text(i) ?? "" : "";
                    endpoint.Limit = Number(fields.Find("limit"));
                    endpoint.Optional = Flag(fields.Find("optional")) ?? true;
                    endpoint.ContainerScope = Word(fields.Find("scope"), "the scope", "global", "container") == "container";
                }

                if (endpoint.Interface.Length == 0)
                {
                    Problems.Add(new Problem(Rules.Missing, entry.Key.Start, entry.Key.Length, "the endpoint", entry.Key.Text, "interface"));
                }

                file.Relations.Add(endpoint);
            }
        }
    }

    void ReadResources(YamlMapping map)
    {
        foreach (var entry in Entries(map, "resources"))
        {
            var resource = new Resource(entry.Key);
            if (Mapping(entry) is { } fields)
            {
                resource.Type = Word(fields.Find("type"), "the type of a resource", "oci-image", "file") ?? "oci-image";
                resource.Filename = fields.Find("filename") is { } name ? Text(name) : null;
                if (resource is { Type: "file", Filename: null })
                {
                    Problems.Add(new Problem(Rules.Missing, entry.Key.Start, entry.Key.Length, "the resource", entry.Key.Text, "filename"));
                }
            }

            file.Resources.Add(resource);
        }
    }

    void ReadStorages(YamlMapping map)
    {
        foreach (var entry in Entries(map, "storage"))
        {
            var storage = new StorageDeclaration(entry.Key);
            if (Mapping(entry) is { } fields)
            {
                storage.Type = Word(fields.Find("type"), "the type of a storage", "filesystem", "block") ?? "filesystem";
                storage.Location = fields.Find("location") is { } location ? Text(location) : null;
                storage.ReadOnly = Flag(fields.Find("read-only")) ?? false;
                if (fields.Find("multiple") is { Value: YamlMapping multiple } && multiple.Find("range") is { } range && Text(range) is { } text)
                {
                    ReadRange(storage, text, range);
                }
            }

            file.Storages.Add(storage);
        }
    }

    /// <summary>The forms <c>2</c>, <c>1-3</c>, <c>1-</c> and <c>1+</c>.</summary>
    void ReadRange(StorageDeclaration storage, string text, YamlEntry entry)
    {
        var match = Regex.Match(text, @"^(\d+)(?:(\+|-)(\d*))?$");
        if (!match.Success)
        {
            Problems.Add(new Problem(Rules.WrongShape, entry.Value.Start, entry.Value.Length, "range", "a number or a range such as 1-3 or 0-"));
            return;
        }

        storage.Minimum = int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        storage.Maximum = !match.Groups[2].Success ? storage.Minimum
            : match.Groups[3].Length > 0 ? int.Parse(match.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    void ReadContainers(YamlMapping map)
    {
        foreach (var entry in Entries(map, "containers"))
        {
            var container = new WorkloadContainer(entry.Key);
            if (Mapping(entry) is { } fields)
            {
                container.Resource = fields.Find("resource")?.Value as YamlScalar;
                if (container.Resource is { } resource && file.Resources.All(r => r.Name != resource.Text))
                {
                    Problems.Add(new Problem(Rules.NotDeclared, resource.Start, resource.Length, "the container", entry.Key.Text, "the resource", resource.Text));
                }

                ReadMounts(container, fields.Find("mounts"));
            }

            file.Containers.Add(container);
        }
    }

    void ReadMounts(WorkloadContainer container, YamlEntry? mounts)
    {
        foreach (var mount in (mounts?.Value as YamlSequence)?.Items.OfType<YamlMapping>() ?? [])
        {
            if (mount.Find("storage")?.Value is not YamlScalar storage)
            {
                Problems.Add(new Problem(Rules.Missing, mount.Start, 1, "a mount of container", container.Name, "storage"));
            }
            else if (file.Storages.All(s => s.Name != storage.Text))
            {
                Problems.Add(new Problem(Rules.NotDeclared, storage.Start, storage.Length, "a mount of container", container.Name, "the storage", storage.Text));
            }
            else
            {
                container.Mounts.Add((storage, mount.Find("location") is { } location ? Text(location) ?? "" : ""));
            }
        }
    }

    void CheckMembers()
    {
        IEnumerable<Declaration>[] groups = [file.Relations, file.Containers, file.Storages, file.Resources, file.Actions, file.Options, .. file.Actions.Select(a => a.Parameters)];
        foreach (var (first, second) in groups.SelectMany(Declarations.Clashes))
        {
            Problems.Add(new Problem(Rules.SameMember, second.Key.Start, second.Key.Length, first.Name, second.Name, second.Member));
        }
    }
}
