using System.Globalization;
using Pebble.Accounts;
using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>What a layer must fulfil by itself, before it is combined with others.</summary>
static class LayerRules
{
    public static void Check(Layer layer)
    {
        Require(!layer.Label.StartsWith("pebble-", StringComparison.Ordinal), "cannot use reserved label prefix \"pebble-\"");
        foreach (var (name, service) in layer.Services)
        {
            CheckService(name, service);
        }

        foreach (var (name, check) in layer.Checks)
        {
            CheckCheck(name, check);
        }

        foreach (var (name, target) in layer.LogTargets)
        {
            CheckTarget(name, target);
        }

        foreach (var (name, _) in layer.Workloads)
        {
            Require(name.Length > 0, "workload \"\": cannot have an empty name");
        }
    }

    static void CheckService(string name, ServiceConfig service)
    {
        var quoted = GoQuote.Quote(name);
        Require(name.Length > 0, "cannot use empty string as service name");
        Require(name != "pebble", $"cannot use reserved service name {quoted}");
        Require(!name.StartsWith('-'), $"cannot use service name {quoted}: starting with \"-\" not allowed");
        try
        {
            ServiceCommand.Parse(name, service.Command);
        }
        catch (FormatException e)
        {
            throw new PlanError($"plan service {quoted} command invalid: {e.Message}");
        }

        RequireAction(service.OnSuccess, "failure-shutdown", $"plan service {quoted} on-success");
        RequireAction(service.OnFailure, "success-shutdown", $"plan service {quoted} on-failure");
        foreach (var (_, action) in service.OnCheckFailure)
        {
            RequireAction(action, "success-shutdown", $"plan service {quoted} on-check-failure");
        }

        Require(service.BackoffFactor is not < 1,
            $"plan service {quoted} backoff-factor must be 1.0 or greater, not {service.BackoffFactor?.ToString("R", CultureInfo.InvariantCulture)}");
    }

    static void CheckCheck(string name, CheckConfig check)
    {
        var quoted = GoQuote.Quote(name);
        Require(name.Length > 0, "cannot use empty string as check name");
        Require(check.Level is "" or "alive" or "ready", $"plan check {quoted} level must be \"alive\" or \"ready\"");
        Require(check.Startup is "" or "enabled" or "disabled", $"plan check {quoted} startup must be \"enabled\" or \"disabled\"");
        Require(check.Period != TimeSpan.Zero, $"plan check {quoted} period must not be zero");
        Require(check.Timeout != TimeSpan.Zero, $"plan check {quoted} timeout must not be zero");
        if (check.Exec is not { } exec)
        {
            return;
        }

        try
        {
            ShellWords.Split(exec.Command);
        }
        catch (FormatException e)
        {
            throw new PlanError($"plan check {quoted} command invalid: {e.Message}");
        }

        try
        {
            Ownership.Of(exec.UserId, exec.User, exec.GroupId, exec.Group);
        }
        catch (AccountException e)
        {
            throw new PlanError($"plan check {quoted} has invalid user/group: {e.Message}");
        }
    }

    static void CheckTarget(string name, LogTarget target)
    {
        foreach (var (label, _) in target.Labels)
        {
            Require(!label.StartsWith("pebble_", StringComparison.Ordinal),
                $"log target {GoQuote.Quote(name)}: label {GoQuote.Quote(label)} uses reserved prefix \"pebble_\"");
        }

        Require(target.Type is "" or "loki" or "opentelemetry" or "syslog",
            $"log target {GoQuote.Quote(name)} has unsupported type {GoQuote.Quote(target.Type)}, must be \"loki\", \"opentelemetry\" or \"syslog\"");
    }

    static void RequireAction(string action, string special, string where) =>
        Require(action is "" or "restart" or "shutdown" or "ignore" || action == special,
            $"{where} action {GoQuote.Quote(action)} invalid");

    static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new PlanError(message);
        }
    }
}
