using Pebble.Api;

namespace Pebble.SystemApi;

/// <summary>GET /v1/system-info.</summary>
static class SystemInfo
{
    /// <summary>The API's version: that of the Pebble whose behaviour this is.</summary>
    public const string Version = "v1.32.1";

    public static ValueTask<Reply> Get(Daemon daemon, Request _, CancellationToken _1) =>
        ValueTask.FromResult(Reply.Sync(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("boot-id"u8, daemon.BootId);
            if (daemon.Options.HttpAddress is { } http)
            {
                writer.WriteString("http-address"u8, http);
            }

            if (daemon.Options.HttpsAddress is { } https)
            {
                writer.WriteString("https-address"u8, https);
            }

            writer.WriteString("version"u8, Version);
            writer.WriteEndObject();
        }));

    /// <summary>Changes with every boot; in a container, where the machine's would mislead, with every start.</summary>
    public static string ReadBootId()
    {
        var file = Environment.ProcessId == 1 ? "/proc/sys/kernel/random/uuid" : "/proc/sys/kernel/random/boot_id";
        return File.ReadAllText(file).Trim();
    }
}
