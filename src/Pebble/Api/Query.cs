namespace Pebble.Api;

/// <summary>The parameters after the question mark.</summary>
sealed class Query
{
    public static readonly Query None = new();

    readonly List<(string Name, string Value)> parameters = [];

    public static Query Parse(string text)
    {
        var query = new Query();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            query.parameters.Add((Decode(name), Decode(value)));
        }

        return query;
    }

    public bool Has(string name) => parameters.Exists(each => each.Name == name);

    /// <summary>The first value of that name, or an empty string.</summary>
    public string First(string name)
    {
        foreach (var (each, value) in parameters)
        {
            if (each == name)
            {
                return value;
            }
        }

        return "";
    }

    public IReadOnlyList<string> All(string name) => [.. parameters.Where(each => each.Name == name).Select(each => each.Value)];

    /// <summary>A list parameter: commas and repetition both separate, spaces and empty items are dropped.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. All(name).SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
