using Pebble.Accounts;
using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>What a combined plan must fulfil.</summary>
static class PlanRules
{
    public static void Check(CombinedPlan plan)
    {
        foreach (var (name, service) in plan.Services)
        {
            Require(service.Command.Length > 0, $"plan must define \"command\" for service {GoQuote.Quote(name)}");
        }

        foreach (var (name, check) in plan.Checks)
        {
            CheckCheck(plan, GoQuote.Quote(name), check);
        }

        foreach (var (name, target) in plan.LogTargets)
        {
            CheckTarget(plan, GoQuote.Quote(name), target);
        }

        ServiceOrder.ForStart(plan, [.. plan.Services.Keys]);
        CheckWorkloads(plan);
    }

    static void CheckCheck(CombinedPlan plan, string name, CheckConfig check)
    {
        if (check.Http is { } http)
        {
            Require(http.Url.Length > 0, $"plan must set \"url\" for http check {name}");
        }

        if (check.Tcp is { } tcp)
        {
            Require(tcp.Port != 0, $"plan must set \"port\" for tcp check {name}");
        }

        if (check.Exec is { } exec)
        {
            Require(exec.Command.Length > 0, $"plan must set \"command\" for exec check {name}");
            Require(exec.ServiceContext.Length == 0 || plan.Services.ContainsKey(exec.ServiceContext),
                $"plan check {name} service context specifies non-existent service {GoQuote.Quote(exec.ServiceContext)}");
        }

        var kinds = (check.Http is null ? 0 : 1) + (check.Tcp is null ? 0 : 1) + (check.Exec is null ? 0 : 1);
        Require(kinds == 1, $"plan must specify one of \"http\", \"tcp\", or \"exec\" for check {name}");
    }

    static void CheckTarget(CombinedPlan plan, string name, LogTarget target)
    {
        Require(target.Type.Length > 0, $"plan must define \"type\" (\"loki\", \"opentelemetry\" or \"syslog\") for log target {name}");
        foreach (var each in target.Services)
        {
            var service = each.StartsWith('-') ? each[1..] : each;
            Require(service == "all" || plan.Services.ContainsKey(service), $"log target {name} specifies unknown service {GoQuote.Quote(service)}");
        }

        Require(target.Location.Length > 0, $"plan must define \"location\" for log target {name}");
    }

    static void CheckWorkloads(CombinedPlan plan)
    {
        foreach (var (name, service) in plan.Services.Where(each => each.Value.Workload.Length > 0))
        {
            Require(plan.Workloads.ContainsKey(service.Workload),
                $"workload {GoQuote.Quote(service.Workload)}: not defined for service {GoQuote.Quote(name)}");
            Require(service.UserId is null && service.User.Length == 0,
                $"plan service {GoQuote.Quote(name)} cannot have user information and a workload at the same time");
            Require(service.GroupId is null && service.Group.Length == 0,
                $"plan service {GoQuote.Quote(name)} cannot have group information and a workload at the same time");
        }

        foreach (var (name, workload) in plan.Workloads)
        {
            try
            {
                Ownership.Of(workload.UserId, workload.User, workload.GroupId, workload.Group);
            }
            catch (AccountException e)
            {
                throw new PlanError($"workload {GoQuote.Quote(name)}: {e.Message}");
            }
        }
    }

    static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new PlanError(message);
        }
    }
}
