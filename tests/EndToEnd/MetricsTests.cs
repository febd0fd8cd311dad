using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd;

public sealed class MetricsTests(ForumModel model)
{
    [Fact]
    public async Task Prometheus_sees_the_server_and_the_exporter_up_and_has_the_alert_rules()
    {
        var prometheus = $"http://{await model.AddressOfAsync("prometheus-k8s/0")}:9090/api/v1/";
        using var http = new HttpClient();

        await model.UntilAsync("both targets are up", async () =>
        {
            var targets = await http.GetFromJsonAsync<JsonElement>(prometheus + "targets", TestContext.Current.CancellationToken);
            var health = targets.GetProperty("data").GetProperty("activeTargets").EnumerateArray()
                .Where(t => t.GetProperty("labels").TryGetProperty("juju_application", out var app) && app.GetString() == "discourse-k8s")
                .ToDictionary(t => new Uri(t.GetProperty("scrapeUrl").GetString()!).Port, t => t.GetProperty("health").GetString());
            return health.GetValueOrDefault(3000) == "up" && health.GetValueOrDefault(9394) == "up";
        });
        var rules = await http.GetFromJsonAsync<JsonElement>(prometheus + "rules", TestContext.Current.CancellationToken);

        var alerts = rules.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(g => g.GetProperty("rules").EnumerateArray())
            .Select(r => r.GetProperty("name").GetString()).ToList();
        Assert.Contains("DiscourseTargetMissing", alerts);
    }
}
