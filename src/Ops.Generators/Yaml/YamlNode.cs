namespace Ops.Generators.Yaml;

/// <summary>A piece of YAML and where it stands, so that a diagnostic can point to it.</summary>
/// <param name="start">Offset of its first character in the text.</param>
/// <param name="length">Characters; at least 1 where there is text.</param>
abstract class YamlNode(int start, int length)
{
    public int Start { get; } = start;

    public int Length { get; } = length;
}

/// <summary>A text, number, boolean or nothing.</summary>
sealed class YamlScalar(string text, bool plain, int start, int length) : YamlNode(start, length)
{
    /// <summary>Its value, quotes removed.</summary>
    public string Text { get; } = text;

    /// <summary>Whether it stood without quotes, so that <c>true</c> is a boolean and <c>null</c> nothing.</summary>
    public bool Plain { get; } = plain;

    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
sealed class YamlSequence(IReadOnlyList<YamlNode> items, int start, int length) : YamlNode(start, length)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;
}

/// <summary>A map in the order of the text.</summary>
sealed class YamlMapping(IReadOnlyList<YamlEntry> entries, int start, int length) : YamlNode(start, length)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key.Text == key);
}

/// <summary>A key of a map and its value.</summary>
sealed class YamlEntry(YamlScalar key, YamlNode value)
{
    public YamlScalar Key { get; } = key;

    public YamlNode Value { get; } = value;
}
