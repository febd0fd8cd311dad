using System.Collections.Frozen;
using System.Globalization;

namespace Forum.Settings;

/// <summary>All settings at one moment, parsed. A request that reads twice from one snapshot sees no change in between.</summary>
sealed class SettingValues(IReadOnlyDictionary<string, string> stored, Func<string, string?> shadow)
{
    readonly FrozenDictionary<string, object> _values = SettingDefinition.All.Values.ToFrozenDictionary(
        setting => setting.Name,
        setting => Parse(setting, shadow(setting.Name) ?? stored.GetValueOrDefault(setting.Name, setting.Default)));

    /// <summary>The names that have a row.</summary>
    public FrozenSet<string> Overridden { get; } = stored.Keys.ToFrozenSet();

    public bool Bool(string name) => (bool)_values[name];

    public int Int(string name) => (int)_values[name];

    public double Number(string name) => (double)_values[name];

    public string Text(string name) => _values[name] is string text ? text : Format(_values[name]);

    /// <summary>A list setting's parts.</summary>
    public IReadOnlyList<string> List(string name) => ((SettingList)_values[name]).Texts;

    /// <summary>A list of ids: groups, categories.</summary>
    public IReadOnlyList<int> Ids(string name) => ((SettingList)_values[name]).Ids;

    /// <summary>The value as its own type: bool, int, double or string (a list is a string with |).</summary>
    public object Value(string name) => _values[name] is SettingList list ? list.Joined : _values[name];

    /// <summary>As Discourse writes it into site_settings and into exports.</summary>
    public static string Format(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        SettingList list => list.Joined,
        _ => (string)value,
    };

    static object Parse(SettingDefinition setting, string text) => setting.Type switch
    {
        SettingType.Bool => text is "t" or "true" or "1",
        SettingType.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : int.TryParse(setting.Default, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : 0,
        SettingType.Float => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0d,
        _ when setting.IsList => new SettingList(text),
        _ => text,
    };
}

/// <summary>A |-separated value, split once.</summary>
sealed class SettingList(string joined)
{
    public string Joined => joined;

    public IReadOnlyList<string> Texts { get; } = joined.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IReadOnlyList<int> Ids { get; } =
    [
        .. joined.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : (int?)null)
            .OfType<int>(),
    ];
}
