using System.Globalization;

namespace Pebble.Formats;

/// <summary>Times as Go writes them: RFC 3339, the fraction without trailing zeros, "Z" for an offset of zero.</summary>
static class GoTime
{
    /// <summary>In the daemon's own zone: changes, tasks, their logs, services.</summary>
    public static string Local(DateTimeOffset time) => Format(TimeZoneInfo.ConvertTime(time, TimeZoneInfo.Local));

    /// <summary>In UTC: notices and service logs.</summary>
    public static string Utc(DateTimeOffset time) => Format(time.ToUniversalTime());

    /// <summary>In the daemon's own zone, whole seconds: the lines of a task's log.</summary>
    public static string LocalSeconds(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, TimeZoneInfo.Local);
        return Format(local.AddTicks(-(local.Ticks % TimeSpan.TicksPerSecond)));
    }

    public static string Format(DateTimeOffset time)
    {
        var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return text + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
    }

    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        // .NET reads at most seven digits of a fraction; Go writes nine.
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            text = end - dot - 1 > 7 ? text[..(dot + 8)] + text[end..] : text;
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        return text.Length >= 20 && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
