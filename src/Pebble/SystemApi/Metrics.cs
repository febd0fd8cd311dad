using System.Globalization;
using System.Text;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.SystemApi;

/// <summary>GET /v1/metrics: OpenMetrics text, with help and type before every sample.</summary>
static class Metrics
{
    public static ValueTask<Reply> Get(Daemon daemon, Request _, CancellationToken _1)
    {
        var text = new StringBuilder();
        foreach (var (name, isActive, starts) in daemon.Services.Counts())
        {
            Sample(text, "pebble_service_active", "gauge", "Whether the service is currently active (1) or not (0)", "service", name, isActive ? 1 : 0);
            Sample(text, "pebble_service_start_count", "counter", "Number of times the service has started", "service", name, starts);
        }

        foreach (var check in daemon.Checks.List())
        {
            if (check.Status != "inactive")
            {
                Sample(text, "pebble_check_up", "gauge", "Whether the health check is up (1) or not (0)", "check", check.Name, check.Status == "up" ? 1 : 0);
            }

            Sample(text, "pebble_check_success_count", "counter", "Number of times the check has succeeded", "check", check.Name, check.SuccessCount);
            Sample(text, "pebble_check_failure_count", "counter", "Number of times the check has failed", "check", check.Name, check.FailureCount);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return ValueTask.FromResult(Reply.Stream("text/plain; charset=utf-8", async (body, cancellation) => await body.WriteAsync(bytes, cancellation)));
    }

    static void Sample(StringBuilder text, string metric, string type, string help, string label, string value, long sample) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {metric} {help}\n# TYPE {metric} {type}\n{metric}{{{label}={GoQuote.Quote(value)}}} {sample}\n\n");
}
