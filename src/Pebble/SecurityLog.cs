using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pebble.Api;

namespace Pebble;

/// <summary>Security events in the daemon's log: one JSON object each, so that they can be told from the rest.</summary>
/// <remarks>Source: "Security events" of the documentation; the form is that of OWASP's logging vocabulary.</remarks>
static class SecurityLog
{
    public static void Warn(string name, string argument, string description) => Write("WARN", name, argument, description);

    public static void Critical(string name, string argument, string description) => Write("CRITICAL", name, argument, description);

    /// <summary>How events name who did it: the identity, else the number of the user.</summary>
    public static string NameOf(Caller? caller) =>
        caller is null ? "<unknown>" : caller.Name ?? caller.UserId?.ToString(CultureInfo.InvariantCulture) ?? "<unknown>";

    static void Write(string level, string name, string argument, string description)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, HttpOutput.Json))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "security");
            writer.WriteString("datetime"u8, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("level"u8, level);
            writer.WriteString("event"u8, argument.Length > 0 ? $"{name}:{argument}" : name);
            writer.WriteString("description"u8, description);
            writer.WriteString("appid"u8, "pebble");
            writer.WriteEndObject();
        }

        Logger.Notice(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}
