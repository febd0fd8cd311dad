using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Juju.Local.Cli.Arguments;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Applications.Bundles;

/// <summary>Reads a bundle file and its overlays: those behind <c>---</c> in it, then those of <c>--overlay</c>.</summary>
sealed class BundleReader(BuiltInCharms builtIn)
{
    /// <summary>The bundle file that a path means: the file, or the bundle.yaml of a folder; null if it is no bundle.</summary>
    public static string? FindBundle(string path)
    {
        if (Directory.Exists(path))
        {
            var inside = Path.Combine(path, "bundle.yaml");
            return File.Exists(inside) ? inside : null;
        }

        if (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal))
        {
            return File.Exists(path) ? path : throw new CommandException($"cannot deploy bundle: there is no file {path}");
        }

        if (path.EndsWith(".zip", StringComparison.Ordinal) && File.Exists(path))
        {
            using var zip = ZipFile.OpenRead(path);
            return zip.GetEntry("bundle.yaml") is null ? null
                : throw new CommandException($"cannot deploy \"{path}\": unpack the bundle first, its charms and files lie beside its bundle.yaml");
        }

        return null;
    }

    /// <exception cref="CommandException">A file cannot be read or is no bundle; the message names it.</exception>
    public Bundle Read(string path, IReadOnlyList<string> overlays)
    {
        var folder = Path.GetDirectoryName(path)!;
        var documents = ReadDocuments(path, folder);
        if (documents.Count == 0 || BundleOverlay.Applications(documents[0]).Count == 0)
        {
            throw new CommandException($"\"{path}\" is not a bundle: it has no applications");
        }

        var bundle = documents[0];
        foreach (var overlay in documents.Skip(1))
        {
            BundleOverlay.Apply(bundle, overlay);
        }

        foreach (var file in overlays)
        {
            var full = Path.GetFullPath(file);
            foreach (var overlay in ReadDocuments(full, Path.GetDirectoryName(full)!))
            {
                BundleOverlay.Apply(bundle, overlay);
            }
        }

        if (bundle["saas"] is JsonObject { Count: > 0 })
        {
            throw new CommandException($"cannot deploy \"{path}\": offers of other models (saas) are not supported on one machine");
        }

        return new Bundle(
            [.. BundleOverlay.Applications(bundle).OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => ReadApplication(item.Key, item.Value, bundle))],
            [.. ReadRelations(bundle)]);
    }

    // Paths are made absolute at once, because an overlay's are relative to the overlay.
    static List<JsonObject> ReadDocuments(string path, string folder)
    {
        IReadOnlyList<JsonNode?> documents;
        try
        {
            documents = YamlText.ParseAll(InputFile.Read(path));
        }
        catch (FormatException broken)
        {
            throw new CommandException($"cannot read bundle \"{path}\": {broken.Message}");
        }

        var maps = new List<JsonObject>();
        foreach (var document in documents)
        {
            if (document is JsonObject map)
            {
                MakePathsAbsolute(map, folder);
                maps.Add(map);
            }
        }

        return maps;
    }

    static void MakePathsAbsolute(JsonObject document, string folder)
    {
        foreach (var (_, node) in BundleOverlay.Applications(document))
        {
            if (node is not JsonObject application)
            {
                continue;
            }

            if (application["charm"]?.ToString() is { } charm && CharmSource.IsPath(charm))
            {
                application["charm"] = Paths.Resolve(charm, folder);
            }

            foreach (var (name, value) in (application["resources"] as JsonObject ?? []).ToList())
            {
                if (value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String)
                {
                    application["resources"]![name] = Paths.ResolveResource(value.ToString(), folder);
                }
            }

            foreach (var (name, value) in (application["options"] as JsonObject ?? []).ToList())
            {
                if (Included(value, folder) is { } content)
                {
                    application["options"]![name] = content;
                }
            }
        }
    }

    // include-file:// and include-base64:// are replaced by the file's content.
    static string? Included(JsonNode? value, string folder)
    {
        const string Text = "include-file://", Binary = "include-base64://";
        var reference = value?.ToString() ?? "";
        return reference.StartsWith(Text, StringComparison.Ordinal)
            ? InputFile.Read(Paths.Resolve(reference[Text.Length..], folder))
            : reference.StartsWith(Binary, StringComparison.Ordinal)
                ? Convert.ToBase64String(File.ReadAllBytes(Paths.Resolve(reference[Binary.Length..], folder)))
                : null;
    }

    BundleApplication ReadApplication(string name, JsonNode? node, JsonObject bundle)
    {
        var fields = node as JsonObject ?? throw new CommandException($"application \"{name}\" of the bundle is empty");
        if (!ApplicationName.IsValid(name))
        {
            throw new CommandException(ApplicationName.Problem(name));
        }

        var charm = fields["charm"]?.ToString() ?? throw new CommandException($"application \"{name}\" of the bundle has no charm");
        var units = Number(fields, "scale") ?? Number(fields, "num_units") ?? Number(fields, "num-units");
        var source = CharmSource.Find(charm, "/", builtIn);
        return new BundleApplication
        {
            Name = name,
            Source = source,
            Channel = source.Origin == "charmhub" ? Channels.Normalize(fields["channel"]?.ToString()) : null,
            Revision = Number(fields, "revision"),
            Base = fields["base"]?.ToString() ?? bundle["default-base"]?.ToString(),
            Units = units ?? 1,
            UnitsAreGiven = units is not null,
            Trust = fields["trust"] is JsonValue trust && trust.TryGetValue<bool>(out var trusted) && trusted,
            Exposed = fields["expose"] is JsonValue expose && expose.TryGetValue<bool>(out var exposed) && exposed,
            Options = Texts(fields, "options"),
            Resources = Texts(fields, "resources"),
            Storage = Texts(fields, "storage"),
            Constraints = fields["constraints"]?.ToString(),
        };
    }

    static IEnumerable<(string First, string Second)> ReadRelations(JsonObject bundle)
    {
        foreach (var relation in bundle["relations"] as JsonArray ?? [])
        {
            if (relation is not JsonArray { Count: 2 } ends)
            {
                throw new CommandException($"a relation of the bundle needs two ends, found: {relation?.ToJsonString()}");
            }

            // A side may be a list: [app, [other, another]].
            foreach (var first in Side(ends[0]))
            {
                foreach (var second in Side(ends[1]))
                {
                    yield return (first, second);
                }
            }
        }
    }

    static IEnumerable<string> Side(JsonNode? node) =>
        node is JsonArray several ? several.Select(one => one?.ToString() ?? "") : [node?.ToString() ?? ""];

    static int? Number(JsonObject fields, string key) => fields[key] is not JsonValue value ? null
        : int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CommandException($"\"{key}\" of the bundle is not a number: {value.ToJsonString()}");

    static Dictionary<string, string> Texts(JsonObject fields, string key) => (fields[key] as JsonObject ?? [])
        .Where(item => item.Value is not null)
        .ToDictionary(item => item.Key, item => ConfigArguments.Text(item.Value!), StringComparer.Ordinal);
}
