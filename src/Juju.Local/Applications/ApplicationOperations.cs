using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Config;
using Juju.Local.Controllers;
using Juju.Local.Models;
using Juju.Local.Publishing;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Applications;

sealed partial class ApplicationOperations(Controller controller)
{
    public async Task<DeployResult> DeployAsync(DeployRequest request, CancellationToken cancellation)
    {
        var model = controller.GetModel(request.Model);
        if (controller.Sandboxes.FindProblem() is { } problem)
        {
            throw ControllerException.NotSupported(problem);
        }

        var definition = CharmReader.Read(request.Path);
        var name = request.Application ?? definition.Name;
        if (!NamePattern().IsMatch(name))
        {
            throw ControllerException.BadRequest($"invalid application name \"{name}\"");
        }

        if (definition.Subordinate)
        {
            throw ControllerException.NotSupported("subordinate charms are not supported on a kubernetes model");
        }

        if (model.State.Info.Life != Life.Alive)
        {
            throw ControllerException.BadRequest($"model \"{model.Name}\" is no longer alive");
        }

        RefuseExisting(model.State, name);
        CheckResources(definition, request.Resources);
        var (config, trust) = OptionChanges.Apply(definition, ImmutableSortedDictionary<string, System.Text.Json.Nodes.JsonNode?>.Empty, request.Config);
        var contents = await ResourceStore.AddAllAsync(controller.Home, model, definition, request.Resources, cancellation);
        var charm = CharmStore.Add(controller, model, request.Path, definition, request.Origin, request.Revision);
        model.Update(state =>
        {
            RefuseExisting(state, name);
            var application = new ApplicationRecord
            {
                Name = name,
                CharmUrl = charm.Url,
                Origin = request.Origin,
                Channel = request.Channel,
                Base = request.Base ?? definition.Base,
                Config = config,
                Trust = trust ?? request.Trust,
                Constraints = request.Constraints,
                Resources = request.Resources.ToImmutableSortedDictionary(StringComparer.Ordinal),
                Contents = contents,
                Storage = request.Storage.ToImmutableSortedDictionary(StringComparer.Ordinal),
                ProviderId = Guid.NewGuid().ToString(),
                Created = model.Now,
            };
            state = AddPeers(state.With(application), application, definition);
            return NewUnits.Add(controller, model, state, name, request.Units);
        });
        return new DeployResult(name, charm.Url, definition.Name, charm.Revision, request.Base ?? definition.Base);
    }

    public async Task<RefreshResult> RefreshAsync(RefreshRequest request, CancellationToken cancellation)
    {
        var model = controller.GetModel(request.Model);
        var application = Get(model.State, request.Application);
        var definition = request.Path is null ? model.State.CharmOf(application).Definition : CharmReader.Read(request.Path);
        var current = model.State.CharmOf(application);
        if (definition.Name != current.Definition.Name)
        {
            throw ControllerException.BadRequest($"cannot upgrade application \"{application.Name}\" to charm \"{definition.Name}\": charm name differs from \"{current.Definition.Name}\"");
        }

        CheckResources(definition, request.Resources);
        OptionChanges.Apply(definition, application.Config, request.Config);
        var contents = await ResourceStore.AddAllAsync(controller.Home, model, definition, request.Resources, cancellation);
        List<string> changed = [];
        var isSame = request.Path is null || (
            (request.OnlyIfChanged || request.Origin == "charmhub")
            && (request.Origin ?? application.Origin) == application.Origin
            && (request.Revision ?? current.Revision) == current.Revision
            && CharmStore.IsSame(current, request.Path));
        var charm = isSame ? current : CharmStore.Add(controller, model, request.Path!, definition, request.Origin ?? application.Origin, request.Revision);
        model.Update(state =>
        {
            var record = Get(state, request.Application);
            var (config, trust) = OptionChanges.Apply(definition, record.Config, request.Config);
            changed = [.. request.Resources.Where(item =>
                record.Resources.GetValueOrDefault(item.Key) != item.Value
                || record.Contents.GetValueOrDefault(item.Key) != contents.GetValueOrDefault(item.Key)).Select(item => item.Key)];
            record = record with
            {
                CharmUrl = charm.Url,
                CharmCounter = isSame && changed.Count == 0 ? record.CharmCounter : record.CharmCounter + 1,
                ResourceCounter = changed.Count > 0 ? record.ResourceCounter + 1 : record.ResourceCounter,
                ForceUnits = request.ForceUnits,
                Channel = request.Channel ?? record.Channel,
                Origin = request.Origin ?? record.Origin,
                Config = config,
                Trust = trust ?? request.Trust ?? record.Trust,
                Resources = record.Resources.SetItems(request.Resources),
                Contents = record.Contents.RemoveRange(request.Resources.Keys).SetItems(contents),
            };
            return AddPeers(state.With(record), record, definition);
        });
        return new RefreshResult(charm.Url, definition.Name, charm.Revision, isSame && request.Path is not null) { Resources = changed };
    }

    public async Task AttachResourceAsync(AttachResourceRequest request, CancellationToken cancellation)
    {
        var model = controller.GetModel(request.Model);
        var definition = model.State.CharmOf(Get(model.State, request.Application)).Definition;
        if (!definition.Resources.ContainsKey(request.Name))
        {
            throw ControllerException.NotFound($"resource \"{request.Name}\" not found");
        }

        var given = new Dictionary<string, string> { [request.Name] = request.Value };
        var contents = await ResourceStore.AddAllAsync(controller.Home, model, definition, given, cancellation);
        Change(request.Model, request.Application, (_, application) => application with
        {
            Resources = application.Resources.SetItem(request.Name, request.Value),
            Contents = application.Contents.Remove(request.Name).SetItems(contents),
            ResourceCounter = application.ResourceCounter + 1,
            CharmCounter = application.CharmCounter + 1,
        });
    }

    public ApplicationDetails Get(ApplicationRequest request)
    {
        var model = controller.GetModel(request.Model);
        return ModelView.Application(model.State, Get(model.State, request.Application), model.Now);
    }

    public async Task ExposeAsync(ExposeRequest request, CancellationToken cancellation)
    {
        var host = controller.GetHost(request.Model);
        Get(host.Model.State, request.Application);
        IReadOnlyList<PublishedPort> ports = [.. (request.Publish ?? []).Select(PublishedPort.Parse)];
        foreach (var port in ports)
        {
            RefusePublished(request.Application, port);
        }

        await host.Publisher.OpenAsync(request.Application, ports, cancellation);
        Change(request.Model, request.Application, (_, application) => application with
        {
            Exposed = request.Exposed,
            Published = !request.Exposed ? [] : request.Publish is null ? application.Published : [.. ports],
        });
    }

    // Of two that want one port the second is told who has it.
    void RefusePublished(string name, PublishedPort port)
    {
        foreach (var state in controller.Hosts().Select(host => host.Model.State))
        {
            if (state.Applications.Values.FirstOrDefault(other => other.Name != name && other.Published.Any(taken => taken.Port == port.Port)) is { } other)
            {
                throw ControllerException.AlreadyExists($"cannot publish port {port.Port}: it is published for \"{other.Name}\" of model \"{state.Info.Name}\"");
            }
        }
    }

    public void Trust(TrustRequest request) =>
        Change(request.Model, request.Application, (_, application) => application with { Trust = request.Trust });

    public RemovedResult Remove(RemoveApplicationRequest request)
    {
        var model = controller.GetModel(request.Model);
        var units = model.State.UnitsOf(request.Application).Select(unit => unit.Name).ToList();
        var storage = model.State.Storage.Values.Where(item => item.Unit is { } unit && units.Contains(unit)).Select(item => item.Id).ToList();
        model.Update(state =>
        {
            Get(state, request.Application);
            return ApplicationEnd.Begin(state, request.Application, request.DestroyStorage, request.Force);
        });
        return new RemovedResult(units, storage);
    }

    public static ApplicationRecord Get(ModelState state, string name) =>
        state.Applications.GetValueOrDefault(name) ?? throw ControllerException.NotFound($"application \"{name}\" not found");

    void Change(string model, string name, Func<ModelState, ApplicationRecord, ApplicationRecord> change) =>
        controller.GetModel(model).Update(state => state.With(change(state, Get(state, name))));

    static void RefuseExisting(ModelState state, string name)
    {
        if (state.Applications.ContainsKey(name))
        {
            throw ControllerException.AlreadyExists($"cannot add application \"{name}\": application already exists");
        }
    }

    static void CheckResources(CharmDefinition definition, IReadOnlyDictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(name => !definition.Resources.ContainsKey(name)) is { } unknown)
        {
            throw ControllerException.BadRequest($"unrecognized resource \"{unknown}\"");
        }
    }

    // Peer relations are there from the beginning; an upgrade may bring new ones.
    static ModelState AddPeers(ModelState state, ApplicationRecord application, CharmDefinition definition)
    {
        foreach (var endpoint in definition.Endpoints.Values.Where(endpoint => endpoint.Role == EndpointRole.Peer))
        {
            if (state.RelationsOf(application.Name).Any(relation => relation.IsPeer && relation.Sides[0].Endpoint == endpoint.Name))
            {
                continue;
            }

            var id = state.Info.NextRelation;
            state = (state with { Info = state.Info with { NextRelation = id + 1 } }).With(new RelationRecord
            {
                Id = id,
                Sides = [new RelationSide(application.Name, endpoint.Name, endpoint.Interface, endpoint.Role, endpoint.Scope)],
            });
        }

        return state;
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$")]
    private static partial Regex NamePattern();
}
