using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Controllers;
using Juju.Local.Hooks;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Units;

sealed class UnitOperations(Controller controller)
{
    public void Add(AddUnitsRequest request)
    {
        var model = controller.GetModel(request.Model);
        model.Update(state =>
        {
            RefuseDying(ApplicationOperations.Get(state, request.Application));
            return NewUnits.Add(controller, model, state, request.Application, request.Count);
        });
    }

    public void Scale(ScaleRequest request)
    {
        var model = controller.GetModel(request.Model);
        model.Update(state =>
        {
            RefuseDying(ApplicationOperations.Get(state, request.Application));
            var alive = state.UnitsOf(request.Application).Count(unit => unit.Life == Life.Alive);
            return request.Scale >= alive
                ? NewUnits.Add(controller, model, state, request.Application, request.Scale - alive)
                : End(state, Highest(state, request.Application, alive - request.Scale), destroyStorage: false, force: false);
        });
    }

    public RemovedResult Remove(RemoveUnitsRequest request)
    {
        var model = controller.GetModel(request.Model);
        List<string> units = [];
        List<string> storage = [];
        model.Update(state =>
        {
            units = request.Units.Count > 0
                ? [.. request.Units.Select(name => GetUnit(state, name).Name)]
                : Highest(state, ApplicationOperations.Get(state, request.Application ?? "").Name, request.Count);
            storage = [.. state.Storage.Values.Where(item => item.Unit is { } unit && units.Contains(unit)).Select(item => item.Id)];
            return End(state, units, request.DestroyStorage, request.Force);
        });
        return new RemovedResult(units, storage);
    }

    public void Resolve(ResolveRequest request)
    {
        var model = controller.GetModel(request.Model);
        model.Update(state =>
        {
            var units = request.All
                ? state.Units.Values.Where(unit => state.Agents[unit.Name].Failed is not null).Select(unit => unit.Name).ToList()
                : [.. request.Units];
            foreach (var name in units)
            {
                var unit = GetUnit(state, name);
                if (state.Agents[unit.Name].Failed is null)
                {
                    throw ControllerException.BadRequest($"unit \"{unit.Name}\" is not in an error state");
                }

                state = state.With(unit with { Resolved = request.Retry ? Resolution.Retry : Resolution.Skip });
            }

            return state;
        });
    }

    public UnitRelations Get(UnitRequest request)
    {
        var model = controller.GetModel(request.Model);
        var state = model.State;
        var unit = GetUnit(state, request.Unit);
        return new UnitRelations(ModelView.Unit(state, unit, model.Now), unit.CharmUrl, [.. state.RelationsOf(unit.Application).Select(relation =>
        {
            var other = relation.OtherSide(unit.Application);
            return new UnitRelation
            {
                Id = relation.Id,
                Endpoint = relation.SideOf(unit.Application).Endpoint,
                RelatedEndpoint = other.Endpoint,
                RelatedApplication = other.Application,
                ApplicationData = relation.BagOf(other.Application).Data,
                LocalApplicationData = relation.BagOf(unit.Application).Data,
                Local = new(relation.InScope.Contains(unit.Name), relation.BagOf(unit.Name).Data),
                Remote = state.RemoteUnits(relation, unit.Name).ToDictionary(name => name, name => new RelationUnit(true, relation.BagOf(name).Data)),
            };
        })]);
    }

    /// <summary>Starts the container if it does not run yet.</summary>
    public async Task<ContainerEntry> GetContainerAsync(ContainerRequest request, CancellationToken cancellation)
    {
        var host = controller.GetHost(request.Model);
        var state = host.Model.State;
        var unit = GetUnit(state, request.Unit);
        var container = request.Container ?? UnitContainers.Charm;
        if (container != UnitContainers.Charm && !state.CharmOf(unit).Definition.Containers.ContainsKey(container))
        {
            throw ControllerException.NotFound($"container \"{container}\" must be one of: charm, {string.Join(", ", state.CharmOf(unit).Definition.Containers.Keys)}");
        }

        var containers = host.FindContainers(unit.Name) ?? throw ControllerException.NotFound($"unit \"{unit.Name}\" has no containers yet");
        await containers.PrepareAsync(cancellation);
        var process = await containers.EnsureAsync(container, cancellation);
        var isCharm = container == UnitContainers.Charm;
        return new ContainerEntry(
            containers.Enter(process),
            isCharm ? "/var/lib/juju" : "/",
            new Dictionary<string, string>
            {
                ["PATH"] = isCharm
                    ? $"/var/lib/juju/tools/{UnitRecord.TagOf(unit.Name)}:{HookEnvironment.SystemPath}"
                    : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                ["HOME"] = "/root",
                ["LANG"] = "C.UTF-8",
            },
            process.Root);
    }

    /// <summary>By name, or <c>app/leader</c>.</summary>
    public static UnitRecord GetUnit(ModelState state, string name)
    {
        if (name.EndsWith("/leader", StringComparison.Ordinal))
        {
            var application = ApplicationOperations.Get(state, name[..^"/leader".Length]);
            name = application.Leader ?? throw ControllerException.NotFound($"could not determine leader for \"{application.Name}\"");
        }

        return state.Units.GetValueOrDefault(name) ?? throw ControllerException.NotFound($"unit \"{name}\" not found");
    }

    static List<string> Highest(ModelState state, string application, int count) =>
        [.. state.UnitsOf(application).Where(unit => unit.Life == Life.Alive).OrderByDescending(unit => unit.Number).Take(count).Select(unit => unit.Name)];

    static ModelState End(ModelState state, IReadOnlyList<string> names, bool destroyStorage, bool force)
    {
        foreach (var name in names)
        {
            var unit = state.Units[name];
            var application = state.Applications[unit.Application];
            if (unit.Life == Life.Alive)
            {
                state = state.With(application with { Scale = Math.Max(0, application.Scale - 1) });
            }

            state = state.With(unit with { Life = Life.Dying, DestroyStorage = destroyStorage || unit.DestroyStorage, Force = force || unit.Force });
        }

        return state;
    }

    static void RefuseDying(ApplicationRecord application)
    {
        if (application.Life != Life.Alive)
        {
            throw ControllerException.BadRequest($"cannot add unit to application \"{application.Name}\": application is not found or not alive");
        }
    }
}
