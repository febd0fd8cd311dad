using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pebble.Client;

/// <summary>The words of the wire for each enum. A word not listed reads as the enum's first value.</summary>
static class WireNames
{
    public static string? Of(CheckLevel level) => level switch
    {
        CheckLevel.Alive => "alive",
        CheckLevel.Ready => "ready",
        _ => null,
    };

    public static FileKind FileKindOf(string? word) => word switch
    {
        "file" => FileKind.File,
        "directory" => FileKind.Directory,
        "symlink" => FileKind.Symlink,
        "socket" => FileKind.Socket,
        "named-pipe" => FileKind.NamedPipe,
        "device" => FileKind.Device,
        _ => FileKind.Unknown,
    };

    internal abstract class Words<T>(params (string Word, T Value)[] words) : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            foreach (var (word, value) in words)
            {
                if (reader.ValueTextEquals(word))
                {
                    return value;
                }
            }

            return default;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            foreach (var (word, candidate) in words)
            {
                if (EqualityComparer<T>.Default.Equals(candidate, value))
                {
                    writer.WriteStringValue(word);
                    return;
                }
            }

            writer.WriteStringValue("");
        }
    }

    internal sealed class Startup() : Words<ServiceStartup>(
        ("enabled", ServiceStartup.Enabled), ("disabled", ServiceStartup.Disabled));

    internal sealed class Status() : Words<ServiceStatus>(
        ("active", ServiceStatus.Active), ("inactive", ServiceStatus.Inactive),
        ("backoff", ServiceStatus.Backoff), ("error", ServiceStatus.Error));

    internal sealed class Level() : Words<CheckLevel>(("alive", CheckLevel.Alive), ("ready", CheckLevel.Ready));

    internal sealed class Check() : Words<CheckStatus>(
        ("up", CheckStatus.Up), ("down", CheckStatus.Down), ("inactive", CheckStatus.Inactive));

    internal sealed class Access() : Words<IdentityAccess>(
        ("untrusted", IdentityAccess.Untrusted), ("metrics", IdentityAccess.Metrics),
        ("read", IdentityAccess.Read), ("admin", IdentityAccess.Admin));
}
