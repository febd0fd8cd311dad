using System.Globalization;
using System.Text.RegularExpressions;

namespace Juju.Local;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>300ms</c>, <c>1.5s</c>.</summary>
static partial class GoDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        if (!Pattern().IsMatch(text))
        {
            return false;
        }

        foreach (Match part in Parts().Matches(text))
        {
            var number = double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            duration += part.Groups[2].Value switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                "ms" => TimeSpan.FromMilliseconds(number),
                "us" or "µs" => TimeSpan.FromMicroseconds(number),
                _ => TimeSpan.FromTicks((long)(number / 100)),
            };
        }

        return true;
    }

    [GeneratedRegex(@"^(\d+(\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)((\d+(\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s))*$")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(\d+\.?\d*|\.\d+)(h|ms|us|µs|ns|m|s)")]
    private static partial Regex Parts();
}
