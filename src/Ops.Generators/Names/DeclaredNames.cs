using System.Globalization;

namespace Ops.Generators.Names;

/// <summary>Names that a charmcraft.yaml gives, each with the line where it stands.</summary>
sealed class DeclaredNames(string file, IReadOnlyDictionary<string, int> lines)
{
    public bool Contains(string name) => lines.ContainsKey(name);

    /// <summary>The end of a message: what may be meant, and where it is declared; empty if nothing is near.</summary>
    public string Hint(string name)
    {
        var nearest = lines.Keys.Select(known => (Known: known, Distance: DistanceOf(name, known)))
            .OrderBy(k => k.Distance)
            .ThenBy(k => k.Known, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Known is null || nearest.Distance > Math.Max(2, name.Length / 3)
            ? ""
            : $"; did you mean \"{nearest.Known}\" ({file}, line {lines[nearest.Known].ToString(CultureInfo.InvariantCulture)})?";
    }

    /// <summary>How many letters must be put in, taken out or replaced (Levenshtein).</summary>
    static int DistanceOf(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[other.Length];
    }
}
