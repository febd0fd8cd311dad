using System.Globalization;

namespace Juju.Local;

/// <summary>Durations as Go writes them: <c>90s</c>, <c>1.5h</c>, <c>1m30s</c>, <c>0</c>.</summary>
static class GoDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var seconds = 0d;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }

            var unit = digits;
            while (unit < rest.Length && !char.IsAsciiDigit(rest[unit]) && rest[unit] != '.')
            {
                unit++;
            }

            var factor = rest[digits..unit] switch
            {
                "ms" => 0.001,
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => 0,
            };
            if (factor == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            seconds += number * factor;
            rest = rest[unit..];
        }

        duration = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        return text.Length > 0;
    }

    /// <summary>As Go prints it: <c>1m30s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = "";
        if (duration.TotalHours >= 1)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h");
        }

        if (duration.TotalMinutes >= 1)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        }

        return text + string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds + (duration.Milliseconds / 1000d):0.###}s");
    }
}
