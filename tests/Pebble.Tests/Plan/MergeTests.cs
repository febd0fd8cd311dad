using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class MergeTests
{
    const string Base = """
        services:
          a:
            override: replace
            command: one
            summary: old
            after: [x]
            requires: [a]
            environment: {A: "1", B: "2"}
            on-check-failure: {c: restart}
            user: root
        """;

    [Fact]
    public void Lists_are_appended_with_their_duplicates()
    {
        var a = Plans.Of(Base, "services: {a: {override: merge, after: [x, y]}}").Services["a"];

        Assert.Equal(["x", "x", "y"], a.After);
    }

    [Fact]
    public void Maps_are_merged()
    {
        var a = Plans.Of(Base, "services: {a: {override: merge, environment: {B: new, C: \"3\"}, on-check-failure: {d: ignore}}}").Services["a"];

        Assert.Equal("A=1 B=new C=3", string.Join(' ', a.Environment.Select(each => $"{each.Key}={each.Value}")));
        Assert.Equal(2, a.OnCheckFailure.Count);
    }

    [Fact]
    public void A_string_cannot_be_set_back_to_empty()
    {
        var a = Plans.Of(Base, "services: {a: {override: merge, summary: \"\", command: two}}").Services["a"];

        Assert.Equal(("old", "two", "root"), (a.Summary, a.Command, a.User));
    }

    [Fact]
    public void The_override_is_that_of_the_first_layer()
    {
        Assert.Equal("replace", Plans.Of(Base, "services: {a: {override: merge, command: two}}").Services["a"].Override);
    }

    [Fact]
    public void Merge_alone_defines_a_new_service()
    {
        Assert.Equal("merge", Plans.Of("services: {a: {override: merge, command: x}}").Services["a"].Override);
    }

    [Fact]
    public void Replace_drops_everything()
    {
        var a = Plans.Of(Base, "services: {a: {override: replace, command: two}}").Services["a"];

        Assert.Equal(("", "two", 0, ""), (a.Summary, a.Command, a.Environment.Count, a.User));
    }

    [Fact]
    public void Durations_and_numbers_are_taken_over_when_given()
    {
        var a = Plans.Of(Base, "services: {a: {override: merge, kill-delay: 3s, backoff-factor: 3}}",
            "services: {a: {override: merge, backoff-limit: 1m}}").Services["a"];

        Assert.Equal((TimeSpan.FromSeconds(3), 3.0, TimeSpan.FromMinutes(1)), (a.KillDelay, a.BackoffFactor, a.BackoffLimit));
    }

    [Fact]
    public void Checks_merge_within_their_type()
    {
        var check = Plans.Of("checks: {c: {override: replace, http: {url: \"http://a\", headers: {X: \"1\"}}, threshold: 5}}",
            "checks: {c: {override: merge, http: {headers: {Y: \"2\"}}, level: ready}}").Checks["c"];

        Assert.Equal(("http://a", 2, 5, "ready"), (check.Http!.Url, check.Http.Headers.Count, check.Threshold, check.Level));
    }

    [Fact]
    public void Targets_append_services_and_merge_labels()
    {
        var target = Plans.Of("services: {a: {override: replace, command: x}}\nlog-targets: {t: {override: merge, type: loki, location: l, services: [all]}}",
            "log-targets: {t: {override: merge, services: [-a], labels: {k: v}}}").LogTargets["t"];

        Assert.Equal(["all", "-a"], target.Services);
        Assert.False(target.Takes("a"));
        Assert.True(target.Takes("b"));
    }

    [Fact]
    public void An_empty_layer_changes_nothing()
    {
        Assert.Equal(PlanYaml.Write(Plans.Of(Base)), PlanYaml.Write(Plans.Of(Base, "")));
    }

    [Fact]
    public void What_is_written_reads_back_as_the_same_plan()
    {
        var written = PlanYaml.Write(Plans.Of(Base, "checks: {c: {override: replace, tcp: {port: 1}}}"));

        Assert.Equal(written, PlanYaml.Write(Plans.Of(written)));
    }

    [Fact]
    public void A_timeout_is_at_most_the_period()
    {
        var plan = Plans.Of("checks: {given: {override: replace, tcp: {port: 1}, period: 1s, timeout: 5s}, default: {override: replace, tcp: {port: 1}, period: 1s}}");

        Assert.Equal(TimeSpan.FromSeconds(1), plan.Checks["given"].Timeout);
        Assert.Null(plan.Checks["default"].Timeout);
        Assert.Equal(TimeSpan.FromSeconds(1), plan.Checks["default"].EffectiveTimeout);
    }
}
