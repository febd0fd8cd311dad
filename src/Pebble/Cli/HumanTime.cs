using System.Globalization;

namespace Pebble.Cli;

/// <summary>Times for people: "today at 15:04 UTC", "3 days ago, at 15:04 UTC", and the date when it is more than 60 days.</summary>
static class HumanTime
{
    const int MostDays = 60;

    public static string Format(DateTimeOffset time, bool absolute, TimeProvider clock)
    {
        var zone = clock.LocalTimeZone;
        if (absolute)
        {
            var seconds = time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
            return seconds + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
        }

        var local = TimeZoneInfo.ConvertTime(time, zone);
        var days = (local.Date - clock.GetLocalNow().Date).Days;
        var at = $"{local.ToString("HH:mm", CultureInfo.InvariantCulture)} {ZoneName(zone, local)}";
        return days switch
        {
            0 => $"today at {at}",
            -1 => $"yesterday at {at}",
            1 => $"tomorrow at {at}",
            < 0 and >= -MostDays => $"{-days} days ago, at {at}",
            > 0 and <= MostDays => $"in {days} days, at {at}",
            _ => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The abbreviation people know, such as UTC or CET.</summary>
    static string ZoneName(TimeZoneInfo zone, DateTimeOffset time) =>
        zone.Id is "UTC" or "Etc/UTC" ? "UTC"
        : zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName;
}
