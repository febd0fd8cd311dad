namespace Ops.Generators.Yaml;

/// <summary>The text is not YAML, or is a kind of YAML that <see cref="YamlReader"/> does not read.</summary>
sealed class YamlException(string message, int position) : Exception(message)
{
    /// <summary>Offset in the text.</summary>
    public int Position { get; } = position;
}
