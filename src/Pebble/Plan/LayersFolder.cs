using System.Globalization;
using System.Text.RegularExpressions;
using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>The layers in $PEBBLE/layers: files 001-name.yaml, and folders 001-name.d of such files.</summary>
/// <remarks>Source: "How to use layers"; names, order and messages observed.</remarks>
static partial class LayersFolder
{
    const int OrdersPerFile = 1000;

    /// <exception cref="IOException">A name, order or label is wrong, or a file cannot be read.</exception>
    /// <exception cref="PlanError">A layer is wrong.</exception>
    public static IReadOnlyList<Layer> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        List<Layer> layers = [];
        foreach (var entry in Entries(folder, foldersToo: true))
        {
            var order = entry.Order * OrdersPerFile;
            if (!Directory.Exists(entry.Path))
            {
                layers.Add(ReadFile(order, entry.Label, entry.Path));
                continue;
            }

            foreach (var inner in Entries(entry.Path, foldersToo: false))
            {
                layers.Add(ReadFile(order + inner.Order, $"{entry.Label}/{inner.Label}", inner.Path));
            }
        }

        return layers;
    }

    static Layer ReadFile(int order, string label, string path)
    {
        try
        {
            return LayerReader.Read(order, label, File.ReadAllText(path));
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"cannot read layer file: open {path}: permission denied");
        }
    }

    static List<(int Order, string Label, string Path)> Entries(string folder, bool foldersToo)
    {
        List<(int Order, string Label, string Path)> entries = [];
        foreach (var path in Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (!name.EndsWith(".yaml", StringComparison.Ordinal) && !name.EndsWith(".d", StringComparison.Ordinal))
            {
                continue;
            }

            var isFolder = Directory.Exists(path);
            if (LayerName().Match(name) is not { Success: true } match)
            {
                throw new IOException(isFolder
                    ? $"invalid layer sub-directory name: {GoQuote.Quote(name)} (must look like \"123-some-label.d\")"
                    : $"invalid layer filename: {GoQuote.Quote(name)} (must look like \"123-some-label.yaml\")");
            }

            if (isFolder && !foldersToo)
            {
                throw new IOException("cannot have a layers sub-directory at this level");
            }

            var order = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var label = match.Groups[2].Value;
            var twin = entries.Find(each => each.Order == order || each.Label == label);
            if (twin.Label is not null)
            {
                throw new IOException($"invalid layer filename: {GoQuote.Quote(name)} not unique (have \"{twin.Order:D3}-{twin.Label}.yaml\" already)");
            }

            entries.Add((order, label, path));
        }

        return entries;
    }

    [GeneratedRegex("^([0-9]{3})-([a-z](?:-?[a-z0-9]){2,})(.yaml|.d)$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
