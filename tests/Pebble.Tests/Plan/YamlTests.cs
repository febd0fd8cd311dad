using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class YamlTests
{
    [Fact]
    public void An_empty_plan_is_an_empty_map() => Assert.Equal("{}\n", PlanYaml.Write(CombinedPlan.Of([])));

    [Fact]
    public void Every_field_has_its_place()
    {
        var plan = Plans.Of("""
            log-targets: {lok: {labels: {a: b}, override: merge, location: "http://l", type: loki}}
            checks:
              web: {http: {headers: {B: "2", A: "1"}, url: "http://w"}, override: replace, timeout: 20s, period: 15s, level: alive, startup: disabled}
              run: {exec: {working-dir: /tmp, command: "true", service-context: all, environment: {E: f}}, override: replace}
              port: {tcp: {host: h, port: 80}, override: replace, threshold: 7}
            services:
              all:
                kill-delay: 1500ms
                backoff-limit: 90s
                backoff-factor: 1.5
                backoff-delay: 0.25s
                on-check-failure: {web: restart}
                on-failure: shutdown
                on-success: ignore
                working-dir: /srv
                user-id: 0
                group-id: 0
                environment: {Z: last, A: first}
                requires: [all2]
                before: [b]
                after: [c, c]
                command: "echo: it"
                override: replace
                startup: enabled
                description: |
                  Two
                  lines
                summary: "A # sign"
              all2: {override: merge, command: x}
            """);

        Assert.Equal("""
            services:
                all:
                    summary: 'A # sign'
                    description: |
                        Two
                        lines
                    startup: enabled
                    override: replace
                    command: 'echo: it'
                    after:
                        - c
                        - c
                    before:
                        - b
                    requires:
                        - all2
                    environment:
                        A: first
                        Z: last
                    user-id: 0
                    group-id: 0
                    working-dir: /srv
                    on-success: ignore
                    on-failure: shutdown
                    on-check-failure:
                        web: restart
                    backoff-delay: 250ms
                    backoff-factor: 1.5
                    backoff-limit: 1m30s
                    kill-delay: 1.5s
                all2:
                    override: merge
                    command: x
            checks:
                port:
                    override: replace
                    threshold: 7
                    tcp:
                        port: 80
                        host: h
                run:
                    override: replace
                    threshold: 3
                    exec:
                        command: "true"
                        service-context: all
                        environment:
                            E: f
                        working-dir: /tmp
                web:
                    override: replace
                    level: alive
                    startup: disabled
                    period: 15s
                    timeout: 15s
                    threshold: 3
                    http:
                        url: http://w
                        headers:
                            A: "1"
                            B: "2"
            log-targets:
                lok:
                    type: loki
                    location: http://l
                    services: []
                    override: merge
                    labels:
                        a: b

            """, PlanYaml.Write(plan));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("true", "\"true\"")]
    [InlineData("off", "\"off\"")]
    [InlineData("Yes", "\"Yes\"")]
    [InlineData("yEs", "yEs")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("-1.5e3", "\"-1.5e3\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("0x1f", "\"0x1f\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2020-01-01", "\"2020-01-01\"")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("- x", "'- x'")]
    [InlineData("-x", "-x")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a:b", "a:b")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("it's", "it's")]
    [InlineData("'quoted'", "'''quoted'''")]
    [InlineData("\"quoted\"", "'\"quoted\"'")]
    [InlineData("%x", "'%x'")]
    [InlineData("*x", "'*x'")]
    [InlineData(" x", "' x'")]
    [InlineData("x ", "'x '")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("é", "é")]
    public void Strings_are_quoted_only_where_they_would_be_something_else(string value, string written)
    {
        var plan = CombinedPlan.Of([new Layer
        {
            Label = "x",
            Services = { ["s"] = new ServiceConfig { Name = "s", Override = "replace", Command = "c", Summary = value } },
        }]);

        Assert.Contains($"        summary: {written}\n", PlanYaml.Write(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_quoted_too()
    {
        var plan = Plans.Of("""services: {s: {override: replace, command: c, environment: {"y": a, "1": b}}}""");

        Assert.Contains("""
                        "1": b
                        "y": a
            """, PlanYaml.Write(plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x {override: replace, command: one}\n  b: *x", "one")]
    [InlineData("a: &x {override: replace, command: one}\n  b: {<<: *x, command: two}", "two")]
    public void Aliases_and_merge_keys_are_resolved(string services, string command)
    {
        Assert.Equal(command, Plans.Of($"services:\n  {services}").Services["b"].Command);
    }
}

static class Plans
{
    /// <summary>The plan of these layers, labelled first, second and so on.</summary>
    public static CombinedPlan Of(params string[] layers)
    {
        string[] labels = ["first", "second", "third"];
        return CombinedPlan.Of([.. layers.Select((yaml, index) => LayerReader.Read(index + 1, labels[index], yaml))]);
    }
}
