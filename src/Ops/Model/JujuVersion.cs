using System.Globalization;

namespace Ops;

/// <summary>A version of Juju, which can be compared: a beta comes before its release.</summary>
/// <param name="Major">3 of <c>3.6.9</c>.</param>
/// <param name="Minor">6 of it.</param>
/// <param name="Patch">9 of it.</param>
/// <param name="Tag"><c>beta</c> of <c>4.0-beta3</c>; empty for a release.</param>
/// <param name="Build">The fourth number, of versions built from source; 0 for none.</param>
/// <remarks>Source: ops.JujuVersion.</remarks>
public readonly record struct JujuVersion(int Major, int Minor, int Patch = 0, string Tag = "", int Build = 0) : IComparable<JujuVersion>
{
    /// <summary>Reads <c>3.6</c>, <c>3.6.9</c>, <c>3.6.9.1</c>, <c>4.0-beta3</c> or <c>4.0-beta3.1</c>.</summary>
    /// <param name="text">The version.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static JujuVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split('.');
        var tag = "";
        if (words.Length > 1 && words[1].IndexOf('-', StringComparison.Ordinal) is > 0 and var dash)
        {
            var tagged = words[1][(dash + 1)..];
            tag = tagged.TrimEnd("0123456789".ToCharArray());
            words = [words[0], words[1][..dash], tagged[tag.Length..], .. words[2..]];
        }

        var isTag = tag.Length > 0 || !text.Contains('-', StringComparison.Ordinal);
        if (words.Length is < 2 or > 4 || !isTag || !tag.All(char.IsAsciiLetterLower) || Array.Exists(words, word => Number(word) is null))
        {
            throw new FormatException($"cannot read the version of Juju: \"{text}\" is not of the form 3.6.9");
        }

        return new JujuVersion(Number(words[0])!.Value, Number(words[1])!.Value, NumberAt(2), tag, NumberAt(3));

        int NumberAt(int index) => index < words.Length ? Number(words[index])!.Value : 0;
    }

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(JujuVersion left, JujuVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after another.</summary>
    public static bool operator >(JujuVersion left, JujuVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before another or is the same.</summary>
    public static bool operator <=(JujuVersion left, JujuVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes after another or is the same.</summary>
    public static bool operator >=(JujuVersion left, JujuVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(JujuVersion other)
    {
        var order = (Major, Minor).CompareTo((other.Major, other.Minor));
        if (order == 0 && Tag != other.Tag)
        {
            // A release comes after what was tagged on the way to it.
            order = Tag.Length == 0 ? 1 : other.Tag.Length == 0 ? -1 : string.CompareOrdinal(Tag, other.Tag);
        }

        return order != 0 ? order : (Patch, Build).CompareTo((other.Patch, other.Build));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Major}.{Minor}{(Tag.Length > 0 ? $"-{Tag}" : ".")}{Patch}{(Build > 0 ? $".{Build}" : "")}");

    static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
