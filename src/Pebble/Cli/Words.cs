using Pebble.Client;

namespace Pebble.Cli;

/// <summary>The API's words, as tables show them.</summary>
static class Words
{
    public static string Of(ServiceStartup startup) => startup == ServiceStartup.Enabled ? "enabled" : "disabled";

    public static string Of(ServiceStatus status) => status switch
    {
        ServiceStatus.Active => "active",
        ServiceStatus.Inactive => "inactive",
        ServiceStatus.Backoff => "backoff",
        ServiceStatus.Error => "error",
        _ => "unknown",
    };

    public static string Of(CheckStatus status) => status switch
    {
        CheckStatus.Up => "up",
        CheckStatus.Down => "down",
        CheckStatus.Inactive => "inactive",
        _ => "unknown",
    };

    public static string? Of(CheckLevel level) => level switch
    {
        CheckLevel.Alive => "alive",
        CheckLevel.Ready => "ready",
        _ => null,
    };

    public static CheckLevel Level(string word) => word switch
    {
        "alive" => CheckLevel.Alive,
        "ready" => CheckLevel.Ready,
        _ => CheckLevel.None,
    };

    public static string Of(IdentityAccess access) => access switch
    {
        IdentityAccess.Admin => "admin",
        IdentityAccess.Read => "read",
        IdentityAccess.Metrics => "metrics",
        _ => "untrusted",
    };
}
