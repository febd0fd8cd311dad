using System.Text;
using System.Text.Json;
using Ops.Relations.GrafanaDashboard;
using Ops.Relations.Topology;

namespace Ops.Relations.Tests.GrafanaDashboard;

public sealed class DashboardFilesTests
{
    static readonly JujuTopology Topology = new("forum", "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "discourse-k8s", "discourse-k8s/0", "discourse-k8s");

    [Fact]
    public async Task Dashboard_is_packed_with_a_uid_and_a_tag()
    {
        using var folder = new TemporaryFolder();
        folder.Write("src/grafana_dashboards/discourse.json", """{"title": "Forum", "panels": []}""");
        folder.Write("src/grafana_dashboards/broken.json", "{");

        var files = DashboardFiles.Read(folder.Path, "src/grafana_dashboards", Topology);

        Assert.Equal(["src/grafana_dashboards/broken.json is not the JSON of a dashboard"], files.Faults);
        using var databag = JsonDocument.Parse(files.ToDatabag());
        var template = databag.RootElement.GetProperty("templates").GetProperty("file:discourse");
        Assert.Equal("ccaed73a5712d5f6", template.GetProperty("dashboard_alt_uid").GetString());
        Assert.True(template.GetProperty("inject_dropdowns").GetBoolean());
        Assert.Matches("^[0-9a-f]{16}$", databag.RootElement.GetProperty("uuid").GetString()!);

        var content = await XzContainerTests.Unpack(Convert.FromBase64String(template.GetProperty("content").GetString()!));
        using var dashboard = JsonDocument.Parse(Encoding.UTF8.GetString(content));
        Assert.Equal("Forum", dashboard.RootElement.GetProperty("title").GetString());
        Assert.Matches("^[0-9a-f]{40}$", dashboard.RootElement.GetProperty("uid").GetString()!);
        Assert.Equal("charm: discourse-k8s", dashboard.RootElement.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public void Valid_uid_and_charm_tag_are_kept()
    {
        var uid = new string('a', 40);
        using var folder = new TemporaryFolder();
        folder.Write("src/grafana_dashboards/a.json", $$"""{"uid": "{{uid}}", "tags": ["charm: other"]}""");

        var first = DashboardFiles.Read(folder.Path, "src/grafana_dashboards", Topology).ToDatabag();

        Assert.Equal(first, DashboardFiles.Read(folder.Path, "src/grafana_dashboards", Topology).ToDatabag());
        var content = Encoding.UTF8.GetString(Convert.FromBase64String(JsonDocument.Parse(first).RootElement
            .GetProperty("templates").GetProperty("file:a").GetProperty("content").GetString()!));
        Assert.Contains(uid, content, StringComparison.Ordinal);
        Assert.DoesNotContain("charm: discourse-k8s", content, StringComparison.Ordinal);
    }
}
