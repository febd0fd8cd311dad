using System.Text.Json.Nodes;
using Juju.Local.Applications;
using Juju.Local.Hooks;
using Juju.Local.State;

namespace Juju.Local.HookTools;

static class StatusTools
{
    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        var now = context.Model.State;
        if (flags.Is("application"))
        {
            if (!context.IsLeader)
            {
                throw new ToolException("finding application status: this unit is not the leader");
            }

            var application = ApplicationStatus.Of(now, now.Applications[context.Application], context.Model.Now);
            if (!flags.Is("include-data"))
            {
                return new JsonObject { ["application-status"] = new JsonObject { ["status"] = application.Current } };
            }

            var units = new JsonObject();
            foreach (var unit in now.UnitsOf(context.Application))
            {
                units[unit.Name] = WithData(unit.Workload);
            }

            var all = WithData(application);
            all["units"] = units;
            return new JsonObject { ["application-status"] = all };
        }

        var workload = now.Units[context.Unit].Workload;
        return flags.Is("include-data") ? WithData(workload)
            : flags.Get("format") is null or "smart" ? workload.Current
            : new JsonObject { ["status"] = workload.Current };
    }

    public static ToolResult Set(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments is not [var status, .. var words])
        {
            throw ToolException.Usage("invalid args, require <status> [message]");
        }

        if (status is not ("maintenance" or "blocked" or "waiting" or "active"))
        {
            throw ToolException.Usage($"invalid status \"{status}\", expected one of [maintenance blocked waiting active]");
        }

        flags.RefuseMoreThan(2);
        var message = words is [var text, ..] ? text : "";
        var now = context.Model.Now;
        if (flags.Is("application"))
        {
            if (!context.IsLeader)
            {
                throw new ToolException("this unit is not the leader");
            }

            context.WriteNow(state => state.Applications.GetValueOrDefault(context.Application) is { } application
                ? state.With(application with { Status = application.Status?.To(status, message, now) ?? new(status, message, now) })
                : state);
            return ToolResult.Silent;
        }

        context.WriteNow(state =>
        {
            var unit = state.Units[context.Unit];
            var next = unit.Workload.To(status, message, now);
            return ReferenceEquals(next, unit.Workload) && unit.HasCharmStatus ? state : state.With(unit with { Workload = next, HasCharmStatus = true });
        });
        return ToolResult.Silent;
    }

    public static ToolResult SetVersion(HookContext context, ToolFlags flags)
    {
        if (flags.Arguments.Count == 0)
        {
            throw ToolException.Usage("no version specified");
        }

        flags.RefuseMoreThan(1);
        context.WriteNow(state =>
        {
            var application = state.Applications[context.Application];
            return application.WorkloadVersion == flags.Arguments[0] ? state : state.With(application with { WorkloadVersion = flags.Arguments[0] });
        });
        return ToolResult.Silent;
    }

    static JsonObject WithData(StatusRecord status) => new()
    {
        ["message"] = status.Message,
        ["status"] = status.Current,
        ["status-data"] = new JsonObject(),
    };
}
