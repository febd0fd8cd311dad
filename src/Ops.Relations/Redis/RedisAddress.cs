using Ops.Relations.Databags;

namespace Ops.Relations.Redis;

/// <summary>Where a Redis server is.</summary>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">Port, 1–65535.</param>
public sealed record RedisAddress(string Host, int Port)
{
    /// <summary>
    /// Reads what a provider published: the application's <c>leader-host</c> if there is one, else the unit's
    /// <c>hostname</c>, with the unit's <c>port</c>.
    /// </summary>
    public static Reading<RedisAddress> Read(IReadOnlyDictionary<string, string> application, IReadOnlyDictionary<string, string> unit)
    {
        var key = application.Find("leader-host") is null ? "hostname" : "leader-host";
        // "None" is what an older provider writes before it knows its address.
        if ((application.Find("leader-host") ?? unit.Find("hostname")) is not { } host || host == "None")
        {
            return Reading.Missing<RedisAddress>($"\"{key}\" is missing");
        }

        if (!DatabagValue.IsHost(host))
        {
            return Reading.Faulty<RedisAddress>($"\"{key}\" is {DatabagValue.Quoted(host)}, not a host");
        }

        if (unit.Find("port") is not { } text || text == "0")
        {
            return Reading.Missing<RedisAddress>("\"port\" is missing");
        }

        return DatabagValue.Port(text.Trim()) is { } port
            ? Reading.Of<RedisAddress>(new(host, port))
            : Reading.Faulty<RedisAddress>($"\"port\" is {DatabagValue.Quoted(text)}, not 1–65535");
    }
}
