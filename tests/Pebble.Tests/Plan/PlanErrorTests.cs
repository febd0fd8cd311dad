using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class PlanErrorTests
{
    [Theory]
    [InlineData("services: {pebble: {override: replace, command: x}}", "cannot use reserved service name \"pebble\"")]
    [InlineData("services: {\"\": {override: replace, command: x}}", "cannot use empty string as service name")]
    [InlineData("services: {-a: {override: replace, command: x}}", "cannot use service name \"-a\": starting with \"-\" not allowed")]
    [InlineData("services: {a: }", "service object cannot be null for service \"a\"")]
    [InlineData("checks: {a: null}", "check object cannot be null for check \"a\"")]
    [InlineData("log-targets: {a: ~}", "log target object cannot be null for log target \"a\"")]
    [InlineData("services: {a: {command: 'x \"'}}", "plan service \"a\" command invalid: cannot parse service \"a\" command: EOF found when expecting closing quote")]
    [InlineData("services: {a: {command: 'x [ [ ]'}}", "plan service \"a\" command invalid: cannot parse service \"a\" command: cannot nest [ ... ] groups")]
    [InlineData("services: {a: {on-success: fail}}", "plan service \"a\" on-success action \"fail\" invalid")]
    [InlineData("services: {a: {on-success: success-shutdown}}", "plan service \"a\" on-success action \"success-shutdown\" invalid")]
    [InlineData("services: {a: {on-failure: failure-shutdown}}", "plan service \"a\" on-failure action \"failure-shutdown\" invalid")]
    [InlineData("services: {a: {on-check-failure: {c: nope}}}", "plan service \"a\" on-check-failure action \"nope\" invalid")]
    [InlineData("services: {a: {backoff-factor: 0.5}}", "plan service \"a\" backoff-factor must be 1.0 or greater, not 0.5")]
    [InlineData("checks: {a: {level: dead}}", "plan check \"a\" level must be \"alive\" or \"ready\"")]
    [InlineData("checks: {a: {startup: maybe}}", "plan check \"a\" startup must be \"enabled\" or \"disabled\"")]
    [InlineData("checks: {a: {period: 0s}}", "plan check \"a\" period must not be zero")]
    [InlineData("checks: {a: {timeout: 0s}}", "plan check \"a\" timeout must not be zero")]
    [InlineData("log-targets: {a: {type: file}}", "log target \"a\" has unsupported type \"file\", must be \"loki\", \"opentelemetry\" or \"syslog\"")]
    [InlineData("log-targets: {a: {labels: {pebble_x: y}}}", "log target \"a\": label \"pebble_x\" uses reserved prefix \"pebble_\"")]
    [InlineData("nonsense: {}", "cannot parse layer \"l\": unknown section \"nonsense\"")]
    [InlineData("services: {a: {foo: bar}}", "cannot parse layer \"l\" section \"services\": yaml: unmarshal errors:\n  line 1: field foo not found in type plan.Service")]
    [InlineData("services: {a: {kill-delay: soon}}", "cannot parse layer \"l\" section \"services\": invalid duration \"soon\"")]
    [InlineData("services: {a: {user-id: abc}}", "cannot parse layer \"l\" section \"services\": yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `abc` into int")]
    [InlineData("workloads: {w: }", "workload \"w\": cannot have a null value")]
    public void A_wrong_layer_says_what_is_wrong(string yaml, string message)
    {
        Assert.Equal(message, Assert.Throws<PlanError>(() => LayerReader.Read(1, "l", yaml)).Message);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("\"unclosed")]
    [InlineData("just text")]
    [InlineData("- list")]
    [InlineData("services: *nope")]
    [InlineData("a: 1\na: 2")]
    public void What_is_no_layer_at_all_is_refused(string yaml)
    {
        Assert.StartsWith("cannot parse layer \"l\": yaml: ", Assert.Throws<PlanError>(() => LayerReader.Read(1, "l", yaml)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services: {a: {command: x}}", "layer \"first\" must define \"override\" for service \"a\"")]
    [InlineData("services: {a: {override: add, command: x}}", "layer \"first\" has invalid \"override\" value for service \"a\"")]
    [InlineData("checks: {a: {tcp: {port: 1}}}", "layer \"first\" must define \"override\" for check \"a\"")]
    [InlineData("log-targets: {a: {type: loki}}", "layer \"first\" must define \"override\" for log target \"a\"")]
    [InlineData("services: {a: {override: replace}}", "plan must define \"command\" for service \"a\"")]
    [InlineData("services: {a: {override: replace, command: x, requires: [nope]}}", "service \"nope\" does not exist")]
    [InlineData("services: {a: {override: replace, command: x, after: [b]}, b: {override: replace, command: x, after: [a]}}", "services in before/after loop: a, b")]
    [InlineData("checks: {a: {override: replace, http: {}}}", "plan must set \"url\" for http check \"a\"")]
    [InlineData("checks: {a: {override: replace, tcp: {}}}", "plan must set \"port\" for tcp check \"a\"")]
    [InlineData("checks: {a: {override: replace, exec: {}}}", "plan must set \"command\" for exec check \"a\"")]
    [InlineData("checks: {a: {override: replace}}", "plan must specify one of \"http\", \"tcp\", or \"exec\" for check \"a\"")]
    [InlineData("checks: {a: {override: replace, tcp: {port: 1}, exec: {command: x}}}", "plan must specify one of \"http\", \"tcp\", or \"exec\" for check \"a\"")]
    [InlineData("checks: {a: {override: replace, exec: {command: x, service-context: no}}}", "plan check \"a\" service context specifies non-existent service \"no\"")]
    [InlineData("log-targets: {a: {override: replace, location: x}}", "plan must define \"type\" (\"loki\", \"opentelemetry\" or \"syslog\") for log target \"a\"")]
    [InlineData("log-targets: {a: {override: replace, type: loki}}", "plan must define \"location\" for log target \"a\"")]
    [InlineData("log-targets: {a: {override: replace, type: loki, location: x, services: [-no]}}", "log target \"a\" specifies unknown service \"no\"")]
    [InlineData("services: {a: {override: replace, command: x, workload: w}}", "workload \"w\": not defined for service \"a\"")]
    [InlineData("workloads: {w: {}}", "workload \"w\": must define an \"override\" policy")]
    public void A_plan_that_does_not_hold_together_is_refused(string yaml, string message)
    {
        Assert.Equal(message, Assert.Throws<PlanError>(() => Plans.Of(yaml)).Message);
    }

    [Theory]
    [InlineData("services: {a: {override: replace, command: x, startup: foo}}")]
    [InlineData("services: {a: {override: replace, command: 'x [ y'}}")]
    [InlineData("services: {a: {override: replace, command: x, after: [nowhere], before: [neither]}}")]
    [InlineData("")]
    [InlineData("summary: only words")]
    public void Some_things_are_accepted_without_complaint(string yaml)
    {
        Plans.Of(yaml);
    }

    [Fact]
    public void Labels_of_the_daemon_itself_are_reserved()
    {
        Assert.Equal("cannot use reserved label prefix \"pebble-\"", Assert.Throws<PlanError>(() => LayerReader.Read(1, "pebble-x", "")).Message);
    }

    [Fact]
    public void Aliases_do_not_multiply_without_end()
    {
        var yaml = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 9).Select(level =>
            $"{(char)('b' + level)}: &{(char)('b' + level)} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + level)}", 9))}]\n"));

        Assert.Throws<PlanError>(() => LayerReader.Read(1, "l", yaml));
    }
}
