using System.Globalization;

namespace Forum.Database;

/// <summary>One numbered, forward-only step. Steps up to <see cref="LastOfBase"/> make what Discourse v3.3.0 has; later ones are ours and safe to repeat.</summary>
sealed record Migration(int Number, string Name, string Sql)
{
    public const int LastOfSchema = 11;
    public const int LastOfBase = 19;

    public bool IsBase => Number <= LastOfBase;

    /// <summary>Makes tables, as opposed to first rows.</summary>
    public bool IsSchema => Number <= LastOfSchema;

    public static IReadOnlyList<Migration> All { get; } = Load();

    static Migration[] Load()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var name = Path.GetFileNameWithoutExtension(resource);
                return new Migration(int.Parse(name[..3], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
            })];
    }
}
