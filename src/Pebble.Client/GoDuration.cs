using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pebble.Client;

/// <summary>Durations as the API writes them: Go's, such as "1h30m0s", "250ms" or "1.5s".</summary>
/// <remarks>Source: Go's documentation of time.ParseDuration and Duration.String. Nanoseconds below 100 are lost.</remarks>
public static class GoDuration
{
    static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>The duration in Go's canonical form: "0s", "250ms", "1m30s".</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        var ticks = value.Ticks;
        if (ticks < 0)
        {
            text.Append('-');
        }

        var rest = ticks == long.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(ticks);
        if (rest < TimeSpan.TicksPerMicrosecond)
        {
            return text.Append(rest * 100).Append("ns").ToString();
        }

        if (rest < TimeSpan.TicksPerMillisecond)
        {
            return text.Append(Decimal(rest, TimeSpan.TicksPerMicrosecond)).Append("µs").ToString();
        }

        if (rest < TimeSpan.TicksPerSecond)
        {
            return text.Append(Decimal(rest, TimeSpan.TicksPerMillisecond)).Append("ms").ToString();
        }

        var hours = rest / TimeSpan.TicksPerHour;
        var minutes = rest / TimeSpan.TicksPerMinute % 60;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(minutes).Append('m');
        }

        return text.Append(Decimal(rest % TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond)).Append('s').ToString();
    }

    /// <summary>Reads "300ms", "-1.5h", "1h45m" and the like; units ns, us, µs, ms, s, m, h.</summary>
    /// <returns>False if <paramref name="text"/> is not such a duration, or does not fit.</returns>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        decimal nanoseconds = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var end = rest.IndexOfAny(NumberCharacters);
            var unit = end < 0 ? rest : rest[..end];
            rest = rest[unit.Length..];
            decimal scale = unit switch
            {
                "ns" => 1,
                "us" or "µs" or "μs" => 1_000,
                "ms" => 1_000_000,
                "s" => 1_000_000_000,
                "m" => 60_000_000_000,
                "h" => 3_600_000_000_000,
                _ => 0,
            };
            if (scale == 0 || number > long.MaxValue || (nanoseconds += number * scale) > long.MaxValue)
            {
                return false;
            }
        }

        var ticks = (long)(nanoseconds / 100);
        value = new TimeSpan(negative ? -ticks : ticks);
        return true;
    }

    /// <summary>The same as <see cref="TryParse"/>, for text that must be a duration.</summary>
    /// <exception cref="FormatException">It is not one; in Go's words.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"time: invalid duration \"{text}\"");

    static string Decimal(ulong ticks, long unit) =>
        (ticks / (decimal)unit).ToString("0.#########", CultureInfo.InvariantCulture);
}
