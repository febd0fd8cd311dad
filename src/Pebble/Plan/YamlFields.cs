using System.Globalization;
using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>
/// The fields of a YAML map as typed values. All that is wrong is gathered, and <see cref="YamlProblems.Throw"/> tells
/// of it at once, in the words of Go's decoder. A field that nobody asked for is wrong, too.
/// </summary>
sealed class YamlFields
{
    readonly Dictionary<string, YamlNode> unread = new(StringComparer.Ordinal);
    readonly YamlProblems problems;
    readonly string type;

    public YamlFields(YamlNode node, string type, YamlProblems problems)
    {
        this.problems = problems;
        this.type = type;
        foreach (var (name, value) in problems.Entries(node, type))
        {
            unread[name] = value;
        }
    }

    public string Text(string name) => Take(name) is { } node ? problems.Text(node) : "";

    public int? Int(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar { IsPlain: true } scalar
            && double.TryParse(scalar.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is > int.MinValue and < int.MaxValue)
        {
            // A fraction is cut off.
            return (int)number;
        }

        problems.Wrong(node, "int");
        return null;
    }

    /// <summary>A user's or group's number.</summary>
    public uint? UserId(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar { IsPlain: true } scalar && uint.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        problems.Wrong(node, "uint32");
        return 0;
    }

    public double? Float(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        if (node is not YamlScalar scalar)
        {
            throw new PlanError("value must be a YAML number");
        }

        return double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PlanError($"invalid floating-point number {GoQuote.Quote(scalar.Text)}");
    }

    public TimeSpan? Duration(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        if (node is not YamlScalar scalar)
        {
            throw new PlanError("duration must be a YAML string");
        }

        return GoDuration.TryParse(scalar.Text, out var duration, out _)
            ? duration
            : throw new PlanError($"invalid duration {GoQuote.Quote(scalar.Text)}");
    }

    public IReadOnlyList<string> Strings(string name)
    {
        switch (Take(name))
        {
            case null:
                return [];
            case YamlList list:
                return [.. list.Items.Select(problems.Text)];
            case var node:
                problems.Wrong(node, "[]string");
                return [];
        }
    }

    /// <param name="name">The field.</param>
    /// <param name="type">What the Go program calls it in its messages.</param>
    public SortedMap StringMap(string name, string type = "map[string]string")
    {
        switch (Take(name))
        {
            case null:
                return SortedMap.Empty;
            case var node:
                return new(problems.Entries(node, type).Select(each => KeyValuePair.Create(each.Key, problems.Text(each.Value))));
        }
    }

    /// <summary>The map below this field, null if there is none.</summary>
    public YamlFields? Below(string name, string itsType) => Take(name) is { } node ? new(node, itsType, problems) : null;

    /// <summary>To be called last: what is left is not known.</summary>
    public void End()
    {
        foreach (var (name, node) in unread)
        {
            problems.Add(node.Line, $"field {name} not found in type {type}");
        }
    }

    YamlNode? Take(string name) => unread.Remove(name, out var node) && node is not YamlScalar { IsNull: true } ? node : null;
}

sealed class YamlProblems
{
    readonly List<string> problems = [];

    public void Add(int line, string problem) => problems.Add($"  line {line}: {problem}");

    public void Wrong(YamlNode node, string type)
    {
        var what = node switch
        {
            YamlMap => "!!map",
            YamlList => "!!seq",
            YamlScalar scalar => $"!!str `{(scalar.Text.Length > 10 ? scalar.Text[..7] + "..." : scalar.Text)}`",
            _ => "!!null",
        };
        Add(node.Line, $"cannot unmarshal {what} into {type}");
    }

    /// <summary>What stands in a map; nothing when it is none.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlNode>> Entries(YamlNode node, string type)
    {
        if (node is not YamlMap map)
        {
            Wrong(node, type);
            return [];
        }

        foreach (var (line, problem) in map.Twins)
        {
            Add(line, problem);
        }

        return map.Entries;
    }

    public string Text(YamlNode node)
    {
        if (node is YamlScalar scalar)
        {
            return scalar.IsNull ? "" : scalar.Text;
        }

        Wrong(node, "string");
        return "";
    }

    /// <exception cref="PlanError">Something was wrong.</exception>
    public void Throw()
    {
        if (problems.Count > 0)
        {
            throw new PlanError($"yaml: unmarshal errors:\n{string.Join('\n', problems)}");
        }
    }
}
