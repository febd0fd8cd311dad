using Juju.Local.State;

namespace Juju.Local.Models;

/// <summary>The model's configuration: the keys that mean something on one machine, with Juju's defaults.</summary>
static class ModelOptions
{
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["automatically-retry-hooks"] = "true",
        ["default-base"] = "",
        ["development"] = "false",
        ["ftp-proxy"] = "",
        ["http-proxy"] = "",
        ["https-proxy"] = "",
        ["juju-ftp-proxy"] = "",
        ["juju-http-proxy"] = "",
        ["juju-https-proxy"] = "",
        ["juju-no-proxy"] = "127.0.0.1,localhost,::1",
        ["logging-config"] = "<root>=INFO",
        ["max-action-results-age"] = "336h",
        ["max-action-results-size"] = "5G",
        ["max-status-history-age"] = "336h",
        ["max-status-history-size"] = "5G",
        ["no-proxy"] = "127.0.0.1,localhost,::1",
        ["secret-backend"] = "auto",
        ["test-mode"] = "false",
        ["update-status-hook-interval"] = "5m",
    };

    public static bool RetriesHooks(ModelState state) => Get(state, "automatically-retry-hooks") != "false";

    public static TimeSpan UpdateStatusInterval(ModelState state) =>
        GoDuration.TryParse(Get(state, "update-status-hook-interval"), out var interval) ? interval : TimeSpan.FromMinutes(5);

    /// <summary>How old what the key is about may become.</summary>
    public static TimeSpan Age(ModelState state, string key) =>
        GoDuration.TryParse(Get(state, key), out var age) && age > TimeSpan.Zero ? age : TimeSpan.FromDays(14);

    public static string Get(ModelState state, string key) =>
        state.Info.Config.GetValueOrDefault(key) ?? Defaults.GetValueOrDefault(key) ?? "";
}
