using System.Globalization;
using System.Net;
using System.Text;

namespace Forum.Markdown.BbCode;

/// <summary>[date=2024-01-02 time=10:00 timezone="UTC"] and [date-range from=… to=…]: times that a reader sees in their own zone.</summary>
static class LocalDate
{
    public static string? Render(BbTag tag)
    {
        if (tag.Name == "date")
            return tag.Value is null ? null : Span(tag, tag.Value, tag["time"], range: null);
        var (from, to) = (tag["from"], tag["to"]);
        if (from is null)
            return null;
        var start = Part(tag, from, "from");
        var end = to is null ? "" : Part(tag, to, "to");
        return start is null || end is null ? null : to is null ? start : $"{start} → {end}";
    }

    static string? Part(BbTag tag, string value, string range)
    {
        var split = value.Split('T', 2);
        return Span(tag, split[0], split.Length > 1 ? split[1] : null, range);
    }

    static string? Span(BbTag tag, string date, string? time, string? range)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;
        var clock = TimeOnly.MinValue;
        if (time is not null && !TimeOnly.TryParse(time, CultureInfo.InvariantCulture, out clock))
            return null;
        var html = new StringBuilder("<span");
        Add(html, "date", date);
        if (time is not null)
            Add(html, "time", time);
        html.Append(" class=\"discourse-local-date\"");
        if (range is not null)
            Add(html, "range", range);
        Add(html, "timezone", tag["timezone"]);
        Add(html, "format", tag["format"]);
        Add(html, "timezones", tag["timezones"]);
        Add(html, "recurring", tag["recurring"]);
        Add(html, "countdown", tag["countdown"]);
        Add(html, "calendar", tag["calendar"]);
        Add(html, "displayed-timezone", tag["displayedTimezone"]);
        var zone = Zone(tag["timezone"]);
        var utc = TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(clock), zone);
        var shown = time is null
            ? date
            : utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Add(html, "email-preview", time is null ? date : utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z' 'UTC'", CultureInfo.InvariantCulture));
        return html.Append('>').Append(shown).Append("</span>").ToString();
    }

    static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    static void Add(StringBuilder html, string name, string? value)
    {
        if (value is not null)
            html.Append(" data-").Append(name).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
    }
}
