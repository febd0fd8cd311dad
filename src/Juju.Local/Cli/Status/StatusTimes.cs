using System.Globalization;

namespace Juju.Local.Cli.Status;

/// <summary>Times as a status has them, in the reader's zone: <c>24 Feb 2026 12:03:17Z</c>.</summary>
static class StatusTimes
{
    public static string Since(TimeZoneInfo? zone, DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone ?? TimeZoneInfo.Local);
        return local.ToString("dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + Offset(local);
    }

    /// <summary><c>12:04:55Z</c>.</summary>
    public static string Clock(TimeZoneInfo? zone, DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone ?? TimeZoneInfo.Local);
        return local.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + Offset(local);
    }

    static string Offset(DateTimeOffset time) =>
        time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture);
}
