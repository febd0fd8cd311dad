using System.Text.Json;
using Pebble.Formats;

namespace Pebble.Notices;

/// <summary>The types of notice there are; unknown ones in a request are passed over.</summary>
static class NoticeType
{
    public const string ChangeUpdate = "change-update";
    public const string Custom = "custom";
    public const string Warning = "warning";

    public static bool IsKnown(string type) => type is ChangeUpdate or Custom or Warning;
}

/// <summary>Something that happened, possibly more than once; unique by user, type and key.</summary>
/// <remarks>Source: Pebble's notices reference. Immutable: an occurrence makes a new one.</remarks>
sealed record Notice
{
    /// <summary>How long after its last occurrence a notice is forgotten.</summary>
    public static readonly TimeSpan ExpireAfter = TimeSpan.FromDays(7);

    public required long Number { get; init; }

    /// <summary>Whose it is; null: everyone's.</summary>
    public required uint? UserId { get; init; }

    public required string Type { get; init; }

    public required string Key { get; init; }

    public required DateTimeOffset FirstOccurred { get; init; }

    public required DateTimeOffset LastOccurred { get; init; }

    public required DateTimeOffset LastRepeated { get; init; }

    public int Occurrences { get; init; } = 1;

    public IReadOnlyDictionary<string, string> LastData { get; init; } = new Dictionary<string, string>();

    public TimeSpan RepeatAfter { get; init; }

    public bool IsExpired(DateTimeOffset now) => LastOccurred + ExpireAfter < now;

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (UserId is { } user)
        {
            writer.WriteNumber("user-id"u8, user);
        }
        else
        {
            writer.WriteNull("user-id"u8);
        }

        writer.WriteString("type"u8, Type);
        writer.WriteString("key"u8, Key);
        writer.WriteString("first-occurred"u8, GoTime.Utc(FirstOccurred));
        writer.WriteString("last-occurred"u8, GoTime.Utc(LastOccurred));
        writer.WriteString("last-repeated"u8, GoTime.Utc(LastRepeated));
        writer.WriteNumber("occurrences"u8, Occurrences);
        if (LastData.Count > 0)
        {
            writer.WriteStartObject("last-data"u8);
            foreach (var (name, value) in LastData.OrderBy(data => data.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        if (RepeatAfter != TimeSpan.Zero)
        {
            writer.WriteString("repeat-after"u8, GoDuration.Format(RepeatAfter));
        }

        writer.WriteString("expire-after"u8, GoDuration.Format(ExpireAfter));
        writer.WriteEndObject();
    }

    public static Notice Read(JsonElement element) => new()
    {
        Number = long.Parse(element.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
        UserId = element.TryGetProperty("user-id", out var user) && user.ValueKind == JsonValueKind.Number ? user.GetUInt32() : null,
        Type = element.GetProperty("type").GetString()!,
        Key = element.GetProperty("key").GetString()!,
        FirstOccurred = Time(element, "first-occurred"),
        LastOccurred = Time(element, "last-occurred"),
        LastRepeated = Time(element, "last-repeated"),
        Occurrences = element.GetProperty("occurrences").GetInt32(),
        LastData = element.TryGetProperty("last-data", out var data)
            ? data.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString() ?? "")
            : new Dictionary<string, string>(),
        RepeatAfter = element.TryGetProperty("repeat-after", out var repeat) ? GoDuration.Parse(repeat.GetString()!) : TimeSpan.Zero,
    };

    static DateTimeOffset Time(JsonElement element, string name) =>
        GoTime.TryParse(element.GetProperty(name).GetString()!, out var time) ? time : default;
}
