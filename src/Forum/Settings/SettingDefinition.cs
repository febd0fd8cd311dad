using System.Collections.Frozen;

namespace Forum.Settings;

/// <summary>The types of site settings; the numbers are those of site_settings.data_type.</summary>
enum SettingType
{
    String = 1,
    Integer = 3,
    Float = 4,
    Bool = 5,
    Enum = 7,
    List = 8,
    CategoryList = 11,
    Category = 16,
    Upload = 18,
    Group = 19,
    GroupList = 20,
    TagList = 21,
}

/// <summary>A site setting as the program knows it: what it is called, what it may hold, and what it is when nobody set it.</summary>
sealed record SettingDefinition(string Name, SettingType Type, string Default, string Category, bool IsForClients)
{
    public static FrozenDictionary<string, SettingDefinition> All { get; } = Load().ToFrozenDictionary(setting => setting.Name);

    public bool IsList => Type is SettingType.List or SettingType.CategoryList or SettingType.GroupList or SettingType.TagList;

    static IEnumerable<SettingDefinition> Load()
    {
        using var reader = new StreamReader(typeof(SettingDefinition).Assembly.GetManifestResourceStream("settings/definitions.txt")!);
        var category = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                category = line.Trim('[', ']');
                continue;
            }

            var words = line.Split(' ', 3);
            yield return new SettingDefinition(
                words[0], Enum.Parse<SettingType>(words[1].TrimEnd('*').Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
                words.Length == 3 ? words[2] : "", category, words[1].EndsWith('*'));
        }
    }
}
