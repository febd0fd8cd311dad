using System.Globalization;
using Ops.Generators.Yaml;

namespace Ops.Generators.Charmcraft;

partial class CharmFileReader
{
    /// <summary>The entries of a section that is a map; none if it is absent or empty.</summary>
    IReadOnlyList<YamlEntry> Entries(YamlMapping map, string section) =>
        map.Find(section) is { } entry && Mapping(entry) is { } fields ? fields.Entries : [];

    /// <summary>The value as a map; null if it is nothing, or (a problem) something else.</summary>
    YamlMapping? Mapping(YamlEntry entry)
    {
        if (entry.Value is not YamlMapping and not YamlScalar { IsNull: true })
        {
            Problems.Add(new Problem(Rules.WrongShape, entry.Value.Start, entry.Value.Length, entry.Key.Text, "a map"));
        }

        return entry.Value as YamlMapping;
    }

    string? Text(YamlEntry entry)
    {
        if (entry.Value is YamlScalar scalar)
        {
            return scalar.IsNull ? null : scalar.Text;
        }

        Problems.Add(new Problem(Rules.WrongShape, entry.Value.Start, entry.Value.Length, entry.Key.Text, "a text"));
        return null;
    }

    bool? Flag(YamlEntry? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (entry.Value is YamlScalar scalar && YamlWords.Boolean(scalar.Text) is { } flag)
        {
            return flag;
        }

        Problems.Add(new Problem(Rules.WrongShape, entry.Value.Start, entry.Value.Length, entry.Key.Text, "true or false"));
        return null;
    }

    int? Number(YamlEntry? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (entry.Value is YamlScalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Problems.Add(new Problem(Rules.WrongShape, entry.Value.Start, entry.Value.Length, entry.Key.Text, "a whole number"));
        return null;
    }

    string? Word(YamlEntry? entry, string what, params string[] words)
    {
        if (entry is null || Text(entry) is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        Problems.Add(new Problem(Rules.UnknownWord, entry.Value.Start, entry.Value.Length, what, text, string.Join(", ", words)));
        return null;
    }

    void CheckName(string kind, YamlScalar name)
    {
        if (!NamePattern.IsMatch(name.Text))
        {
            Problems.Add(new Problem(Rules.BadName, name.Start, name.Length, kind, name.Text, "it has only lower-case letters, digits and single dashes, and begins with a letter"));
        }
    }
}
