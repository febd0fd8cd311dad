using System.Globalization;
using System.Text;

namespace Pebble.Client;

/// <summary>Durations as the API and layers spell them: Go's, such as "1h30m0s", "250ms" or "1.5s".</summary>
/// <remarks>Source: Go's documentation of time.ParseDuration and Duration.String. Nanoseconds below 100 are lost.</remarks>
public static class GoDuration
{
    const decimal NanosecondsPerTick = 100;

    /// <summary>Reads "300ms", "-1.5h", "1h45m" and the like; units ns, us, µs, ms, s, m, h.</summary>
    /// <exception cref="FormatException">It is no duration, or does not fit; in Go's words: <c>time: invalid duration "x"</c>.</exception>
    public static TimeSpan Parse(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-", StringComparison.Ordinal);
        if (negative || rest.StartsWith("+", StringComparison.Ordinal))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return TimeSpan.Zero;
        }

        if (rest.IsEmpty)
        {
            throw Invalid(text);
        }

        decimal nanoseconds = 0;
        while (!rest.IsEmpty)
        {
            nanoseconds += NextTerm(ref rest, text);
            if (nanoseconds > long.MaxValue)
            {
                throw Invalid(text);
            }
        }

        var span = TimeSpan.FromTicks((long)(nanoseconds / NanosecondsPerTick));
        return negative ? -span : span;
    }

    /// <summary>The same as <see cref="Parse"/> where a refusal is expected.</summary>
    /// <param name="text">As a user wrote it.</param>
    /// <param name="duration">Zero if it is none.</param>
    /// <param name="error">Why it is none, in Go's words; empty if it is one.</param>
    public static bool TryParse(string text, out TimeSpan duration, out string error)
    {
        try
        {
            duration = Parse(text);
            error = "";
            return true;
        }
        catch (FormatException e)
        {
            duration = default;
            error = e.Message;
            return false;
        }
    }

    /// <summary>The duration in Go's canonical form: "0s", "250ms", "1m30s".</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder();
        var rest = (decimal)duration.Ticks * NanosecondsPerTick;
        if (rest < 0)
        {
            text.Append('-');
            rest = -rest;
        }

        var invariant = CultureInfo.InvariantCulture;
        const string Fraction = "0.#########";
        switch (rest)
        {
            case < 1_000:
                return text.Append(rest.ToString("0", invariant)).Append("ns").ToString();
            case < 1_000_000:
                return text.Append((rest / 1_000).ToString(Fraction, invariant)).Append("µs").ToString();
            case < 1_000_000_000:
                return text.Append((rest / 1_000_000).ToString(Fraction, invariant)).Append("ms").ToString();
        }

        var seconds = rest / 1_000_000_000;
        var hours = decimal.Truncate(seconds / 3600);
        var minutes = decimal.Truncate((seconds - (hours * 3600)) / 60);
        if (hours > 0)
        {
            text.Append(invariant, $"{hours}h");
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(invariant, $"{minutes}m");
        }

        return text.Append((seconds - (hours * 3600) - (minutes * 60)).ToString(Fraction, invariant)).Append('s').ToString();
    }

    static decimal NextTerm(ref ReadOnlySpan<char> rest, string text)
    {
        var digits = 0;
        var dots = 0;
        while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
        {
            dots += rest[digits++] == '.' ? 1 : 0;
        }

        if (digits == dots || dots > 1 || digits > 25)
        {
            throw Invalid(text);
        }

        var number = decimal.Parse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        rest = rest[digits..];
        var letters = 0;
        while (letters < rest.Length && rest[letters] != '.' && !char.IsAsciiDigit(rest[letters]))
        {
            letters++;
        }

        var unit = rest[..letters];
        rest = rest[letters..];
        if (unit.IsEmpty)
        {
            throw new FormatException($"time: missing unit in duration \"{text}\"");
        }

        return number * unit switch
        {
            "ns" => 1m,
            "us" or "µs" or "μs" => 1_000m,
            "ms" => 1_000_000m,
            "s" => 1_000_000_000m,
            "m" => 60_000_000_000m,
            "h" => 3_600_000_000_000m,
            _ => throw new FormatException($"time: unknown unit \"{unit}\" in duration \"{text}\""),
        };
    }

    static FormatException Invalid(string text) => new($"time: invalid duration \"{text}\"");
}
