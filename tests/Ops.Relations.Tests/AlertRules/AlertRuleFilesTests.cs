using Ops.Relations.AlertRules;
using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Ops.Relations.Tests.AlertRules;

public sealed class AlertRuleFilesTests
{
    static readonly JujuTopology Topology = new("forum", "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "discourse-k8s", "discourse-k8s/0", "discourse-k8s");

    [Fact]
    public void Rule_gets_the_labels_and_matchers_of_its_application()
    {
        using var folder = new TemporaryFolder();
        folder.Write("down.rule", "alert: Down\nexpr: up{%%juju_topology%%} == 0\nfor: 0m\nlabels: {severity: critical}\n");

        var files = AlertRuleFiles.Read(folder.Path, Topology);

        const string expected = """
            [{"name": "forum_4f4ec6d6_discourse_k8s_down_rules", "rules": [{"alert": "Down", "expr": "up{juju_model=\"forum\",
             juju_model_uuid=\"4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f\", juju_application=\"discourse-k8s\"} == 0", "for": "0m",
             "labels": {"severity": "critical", "juju_model": "forum", "juju_model_uuid": "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f",
             "juju_application": "discourse-k8s", "juju_charm": "discourse-k8s"}}]}]
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), JsonText.Of(files.Groups));
    }

    [Fact]
    public void Groups_keep_their_names_and_folders()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub/two.yaml", "groups:\n- name: first\n  rules:\n  - record: a:b\n    expr: up\n- name: second\n  rules: []\n");

        Assert.Equal(
            ["forum_4f4ec6d6_discourse_k8s_sub_first_rules", "forum_4f4ec6d6_discourse_k8s_sub_second_rules"],
            AlertRuleFiles.Read(folder.Path, Topology).Groups.Select(group => group["name"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alert: OnlyAName")]
    [InlineData("groups: 5")]
    [InlineData("groups: [{rules: []}]")]
    [InlineData("a: [")]
    public void File_that_holds_no_rule_is_named_and_left_out(string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad.rules", content);
        folder.Write("good.rule", "alert: A\nexpr: up");
        folder.Write("README.md", "not a rule");

        var files = AlertRuleFiles.Read(folder.Path, Topology);

        Assert.Equal(["bad.rules holds neither a rule nor groups of rules"], files.Faults);
        Assert.Single(files.Groups);
    }

    [Fact]
    public void Folder_that_is_not_there_has_no_rules() =>
        Assert.Empty(AlertRuleFiles.Read("/nonexistent", Topology).Groups);
}
