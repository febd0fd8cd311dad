using Juju.Local.Charms;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>
/// What a unit's agent does next: the first that applies, in the order of Juju's own resolvers. A pure function of the
/// model's state, so that a controller that comes back goes on where the other one was.
/// Source: https://documentation.ubuntu.com/juju/3.6/reference/hook/.
/// </summary>
static class NextTurn
{
    public static HookRun? Find(ModelState model, UnitRecord unit, AgentRecord agent, DateTimeOffset now)
    {
        var application = model.Applications[unit.Application];
        if (agent.Running is not null)
        {
            return agent.Running;
        }

        if (unit.Life != Life.Alive && (unit.Force || !agent.Installed))
        {
            return null;
        }

        if (agent.Failed is not null)
        {
            return FindAfterFailure(unit, application, agent, now);
        }

        if (!agent.Installed)
        {
            return Hook(HookKind.Life, "install");
        }

        if (agent.Stopped)
        {
            return agent.Removed ? null : Hook(HookKind.Life, "remove");
        }

        return RelationTurns.FindCreated(model, unit, agent)
            ?? FindLeaderElected(unit, application, agent)
            ?? (unit.Life == Life.Alive && agent.Workload is [var waiting, ..] ? waiting : null)
            ?? SecretTurns.Find(model, unit, agent, now)
            ?? FindTask(model, unit)
            ?? (agent.Started ? StorageTurns.Find(model, unit, agent) : null)
            ?? FindLife(model, unit, application, agent, now);
    }

    static HookRun? FindAfterFailure(UnitRecord unit, ApplicationRecord application, AgentRecord agent, DateTimeOffset now)
    {
        if (application.ForceUnits && application.CharmCounter != agent.CharmCounter)
        {
            return null;
        }

        return unit.Resolved == Resolution.Retry || (agent.RetryAt is { } at && at <= now) ? agent.Failed : null;
    }

    static HookRun? FindLeaderElected(UnitRecord unit, ApplicationRecord application, AgentRecord agent) =>
        application.Leader == unit.Name && !agent.Leader && unit.Life == Life.Alive ? Hook(HookKind.Life, "leader-elected") : null;

    static HookRun? FindTask(ModelState model, UnitRecord unit)
    {
        var task = model.Tasks.Values
            .Where(task => task.Unit == unit.Name && task.Status == "pending")
            .MinBy(task => int.Parse(task.Id, System.Globalization.CultureInfo.InvariantCulture));
        return task is null ? null : new HookRun
        {
            Kind = task.Command is null ? HookKind.Action : HookKind.Command,
            Name = task.Command is null ? task.Action : "run-commands",
            Task = task.Id,
        };
    }

    static HookRun? FindLife(ModelState model, UnitRecord unit, ApplicationRecord application, AgentRecord agent, DateTimeOffset now)
    {
        if (unit.Life != Life.Alive)
        {
            return RelationTurns.Find(model, unit, agent)
                ?? StorageTurns.FindDetaching(agent)
                ?? Hook(HookKind.Life, "stop");
        }

        if (application.CharmCounter != agent.CharmCounter && IsTurnToUpgrade(model, unit, application))
        {
            // A pod is replaced: the charm that was there is told so, then the new one.
            return Hook(HookKind.Life, agent.Started && !agent.StoppedToUpgrade ? "stop" : "upgrade-charm") with { CharmCounter = application.CharmCounter };
        }

        var hash = ConfigHash.Of(model, unit);
        if (agent.ConfigHash != hash)
        {
            return Hook(HookKind.Life, "config-changed") with { ConfigHash = hash };
        }

        if (agent.StartPending)
        {
            return Hook(HookKind.Life, "start");
        }

        return RelationTurns.Find(model, unit, agent)
            ?? (agent.UpdateStatusAt is { } at && at <= now ? Hook(HookKind.Life, "update-status") : null);
    }

    // One unit after the other, from the highest number, each only when those before it have settled: as a stateful set rolls.
    static bool IsTurnToUpgrade(ModelState model, UnitRecord unit, ApplicationRecord application) =>
        model.UnitsOf(application.Name).Where(other => other.Number > unit.Number && other.Life == Life.Alive).All(other =>
            model.Agents[other.Name] is { Running: null, Failed: null, StartPending: false } agent
            && agent.CharmCounter == application.CharmCounter && agent.Workload.Count == 0 && HasBooted(model, other, agent));

    // The Pebble that is ready is that of the container that runs.
    static bool HasBooted(ModelState model, UnitRecord unit, AgentRecord agent) =>
        model.CharmOf(unit).Definition.Containers.Keys.All(container =>
            model.Sandboxes.TryGetValue(SandboxRecord.Key(unit.Name, container), out var sandbox)
            && agent.Boots.GetValueOrDefault(container)?.EndsWith(sandbox.Start, StringComparison.Ordinal) == true);

    static HookRun Hook(HookKind kind, string name) => new() { Kind = kind, Name = name };

    /// <summary>The endpoint's definition in the unit's charm, the implicit one included.</summary>
    public static Endpoint EndpointOf(CharmDefinition charm, string name) =>
        charm.Endpoints.GetValueOrDefault(name) ?? Endpoint.JujuInfo;
}
