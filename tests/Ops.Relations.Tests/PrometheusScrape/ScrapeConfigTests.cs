using Ops.Relations.Databags;
using Ops.Relations.PrometheusScrape;
using Ops.Relations.Topology;

namespace Ops.Relations.Tests.PrometheusScrape;

public sealed class ScrapeConfigTests
{
    static readonly JujuTopology Topology = new("forum", "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "discourse-k8s", "", "discourse-k8s");

    [Fact]
    public void Wildcard_becomes_a_target_per_unit()
    {
        var config = Assert.Single(ScrapeConfig.Of(Topology, Jobs("""[{"static_configs": [{"targets": ["*:3000"]}]}]"""), [new("discourse-k8s/0", "10.0.0.1"), new("discourse-k8s/1", "fd00::1")]));

        var text = JsonText.Of(config);
        Assert.Contains("\"job_name\": \"juju_forum_4f4ec6d6_discourse-k8s_prometheus_scrape\"", text, StringComparison.Ordinal);
        Assert.Contains("\"targets\": [\"10.0.0.1:3000\"]", text, StringComparison.Ordinal);
        Assert.Contains("\"targets\": [\"[fd00::1]:3000\"]", text, StringComparison.Ordinal);
        Assert.Contains("\"juju_unit\": \"discourse-k8s/1\"", text, StringComparison.Ordinal);
        Assert.Contains("\"target_label\": \"instance\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Job_names_are_distinct()
    {
        var configs = ScrapeConfig.Of(Topology, Jobs("""[{"static_configs": [{"targets": ["*:1"]}]}, {"static_configs": [{"targets": ["*:2"]}]}, {"job_name": "x", "static_configs": [{"targets": ["a:3"]}]}]"""), []);

        Assert.Equal(3, configs.Select(config => config["job_name"]).Distinct().Count());
    }

    [Fact]
    public void Keys_that_reach_into_the_consumer_are_left_out()
    {
        var jobs = Jobs("""
            [{"static_configs": [{"targets": ["*:1"]}], "basic_auth": {"username": "u", "password_file": "/etc/shadow"},
              "tls_config": {"ca_file": "/etc/passwd", "server_name": "x"}, "file_sd_configs": [{"files": ["/etc/*"]}], "kubernetes_sd_configs": []}]
            """);

        var text = JsonText.Of(jobs.Jobs);
        Assert.DoesNotContain("/etc", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_sd_configs", text, StringComparison.Ordinal);
        Assert.Contains("server_name", text, StringComparison.Ordinal);
    }

    static ScrapeJobs Jobs(string json) => ScrapeJobs.Read(new Dictionary<string, string> { ["scrape_jobs"] = json }).Value!;
}
