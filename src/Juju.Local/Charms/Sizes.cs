using System.Globalization;

namespace Juju.Local.Charms;

/// <summary>Sizes as Juju writes them: <c>512M</c>, <c>10G</c>, <c>1.5GiB</c>; a bare number is MiB.</summary>
static class Sizes
{
    /// <returns>Whole MiB, rounded up.</returns>
    /// <exception cref="CharmException">It is no size.</exception>
    public static long ParseMiB(string text)
    {
        var number = text.TrimEnd('i', 'B', 'b');
        var factor = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch
        {
            'M' => 1d,
            'G' => 1024,
            'T' => 1024 * 1024,
            'P' => 1024d * 1024 * 1024,
            >= '0' and <= '9' => 1,
            _ => 0,
        };
        return factor > 0
            && double.TryParse(number.TrimEnd('M', 'G', 'T', 'P', 'm', 'g', 't', 'p'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (long)Math.Ceiling(value * factor)
            : throw new CharmException($"expected a non-negative number with optional multiplier suffix (M/G/T/P), got \"{text}\"");
    }

    /// <summary>As the status table shows a size: <c>1.0 GiB</c>.</summary>
    public static string Format(long sizeMiB) => sizeMiB >= 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{sizeMiB / 1024d:0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{sizeMiB} MiB");
}
