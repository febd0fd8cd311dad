using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Charms;
using Juju.Local.Controllers;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Models;

/// <summary>A model's state as others see it.</summary>
static class ModelView
{
    public static ModelDetails Details(Controller controller, Model model)
    {
        var state = model.State;
        return new ModelDetails
        {
            Name = state.Info.Name,
            Uuid = state.Info.Uuid,
            Life = Word(state.Info.Life),
            Status = new(state.Info.Life == Life.Alive ? "available" : "destroying", "", state.Info.Created),
            AgentVersion = JujuVersion.Current,
            Units = state.Units.Count,
            Secrets = state.Secrets.Count,
            ControllerUuid = controller.Uuid,
            ControllerName = controller.Details.Name,
        };
    }

    public static ModelStatus Status(Controller controller, Model model)
    {
        var version = model.Version;
        var state = model.State;
        return new ModelStatus
        {
            Model = Details(controller, model),
            Version = version,
            Timestamp = model.Now,
            Applications = new SortedDictionary<string, ApplicationDetails>(
                state.Applications.Values.ToDictionary(application => application.Name, application => Application(state, application, model.Now)),
                StringComparer.Ordinal),
            Relations = [.. state.Relations.Values.OrderBy(relation => relation.Id).Select(Relation)],
            Storage = [.. state.Storage.Values.Select(Storage)],
        };
    }

    public static ApplicationDetails Application(ModelState state, ApplicationRecord application, DateTimeOffset now)
    {
        var charm = state.CharmOf(application);
        var units = state.UnitsOf(application.Name).ToList();
        var status = ApplicationStatus.Of(state, application, now);
        return new ApplicationDetails
        {
            Name = application.Name,
            CharmUrl = application.CharmUrl,
            CharmName = charm.Definition.Name,
            Revision = charm.Revision,
            Origin = application.Origin,
            Channel = application.Channel,
            Base = application.Base,
            Exposed = application.Exposed,
            Published = [.. application.Published.Select(port => port.ToString())],
            Trust = application.Trust,
            Scale = application.Scale,
            Life = Word(application.Life),
            Address = units.FirstOrDefault(unit => unit.Address is not null)?.Address,
            ProviderId = application.ProviderId,
            Status = new(status.Current, status.Message, status.Since),
            WorkloadVersion = application.WorkloadVersion,
            Constraints = application.Constraints,
            Endpoints = [.. charm.Definition.Endpoints.Values.Select(endpoint => new EndpointDetails(
                endpoint.Name, endpoint.Interface, RoleOf(endpoint.Role), endpoint.Scope, endpoint.Optional, endpoint.Limit))],
            Resources = [.. charm.Definition.Resources.Values.Select(resource => new ResourceDetails(
                resource.Name, resource.Type, application.Resources.GetValueOrDefault(resource.Name), resource.Description, application.ResourceCounter))],
            Units = [.. units.Select(unit => Unit(state, unit, now))],
        };
    }

    public static UnitDetails Unit(ModelState state, UnitRecord unit, DateTimeOffset now)
    {
        var application = state.Applications[unit.Application];
        var workload = ApplicationStatus.Shown(state, unit);
        return new UnitDetails
        {
            Name = unit.Name,
            Leader = application.Leader == unit.Name,
            Life = Word(unit.Life),
            Workload = new(workload.Current, workload.Message, workload.Since),
            Agent = AgentOf(state, unit, now),
            WorkloadVersion = application.WorkloadVersion,
            Address = unit.Address,
            ProviderId = unit.Name.Replace('/', '-'),
            Ports = [.. unit.Ports],
            UpgradingFrom = unit.CharmUrl == application.CharmUrl ? null : unit.CharmUrl,
            Containers = [.. state.CharmOf(unit).Definition.Containers.Keys],
        };
    }

    // Between a request and the turn it causes an agent is not idle: who waits for idle waits for that turn too.
    static StatusDetails AgentOf(ModelState state, UnitRecord unit, DateTimeOffset now)
    {
        var next = unit.Agent.Current == "idle" ? NextTurn.Find(state, unit, state.Agents[unit.Name], now) : null;
        return next is null || next.Name == "update-status"
            ? new(unit.Agent.Current, unit.Agent.Message, unit.Agent.Since)
            : new("executing", $"running {next.Name} hook", unit.Agent.Since);
    }

    static RelationDetails Relation(RelationRecord relation) => new()
    {
        Id = relation.Id,
        Key = relation.Key,
        Interface = relation.Sides[0].Interface,
        Scope = relation.Sides[0].Scope,
        Life = Word(relation.Life),
        Status = relation.Life != Life.Alive ? "broken" : relation.InScope.IsEmpty ? "joining" : "joined",
        Endpoints = [.. relation.Sides.Select(side => new RelationEndpointDetails(side.Application, side.Endpoint, RoleOf(side.Role)))],
    };

    static StorageDetails Storage(StorageRecord storage) => new()
    {
        Id = storage.Id,
        Kind = storage.Kind,
        Unit = storage.Unit,
        Location = storage.Unit is null ? null : storage.Location,
        Status = storage.Unit is null ? "detached" : "attached",
        Since = storage.Since,
        Life = Word(storage.Life),
        SizeMegabytes = storage.SizeMiB,
        Pool = "kubernetes",
    };

    public static string Word(Life life) => life switch
    {
        Life.Alive => "alive",
        Life.Dying => "dying",
        _ => "dead",
    };

    public static string RoleOf(EndpointRole role) => role switch
    {
        EndpointRole.Provider => "provider",
        EndpointRole.Requirer => "requirer",
        _ => "peer",
    };
}
