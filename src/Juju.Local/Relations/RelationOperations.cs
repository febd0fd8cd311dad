using System.Globalization;
using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Charms;
using Juju.Local.Controllers;
using Juju.Local.State;

namespace Juju.Local.Relations;

sealed class RelationOperations(Controller controller)
{
    public IntegrateResult Integrate(IntegrateRequest request)
    {
        var made = default(RelationRecord);
        controller.GetModel(request.Model).Update(state =>
        {
            var pair = Infer(state, request.First, request.Second);
            var sides = new[] { Side(pair.FirstApplication, pair.First), Side(pair.SecondApplication, pair.Second) }
                .OrderBy(side => side.Role == EndpointRole.Provider ? 0 : 1).ToArray();
            if (state.Relations.Values.FirstOrDefault(relation => relation.Sides.SequenceEqual(sides)) is { } existing)
            {
                throw ControllerException.AlreadyExists(existing.Life == Life.Alive
                    ? $"cannot add relation \"{existing.Key}\": relation {existing.Key} already exists"
                    : $"cannot add relation \"{existing.Key}\": relation {existing.Key} is dying, but not yet removed");
            }

            foreach (var (side, endpoint) in new[] { (pair.FirstApplication, pair.First), (pair.SecondApplication, pair.Second) })
            {
                var count = state.RelationsOf(side).Count(relation => relation.SideOf(side).Endpoint == endpoint.Name && relation.Life == Life.Alive);
                if (endpoint.Limit > 0 && count >= endpoint.Limit)
                {
                    throw new ControllerException(
                        ErrorCode.QuotaExceeded,
                        $"cannot add relation \"{sides[1]} {sides[0]}\": establishing a new relation for {side}:{endpoint.Name} would exceed its maximum relation limit of {endpoint.Limit}");
                }
            }

            made = new RelationRecord { Id = state.Info.NextRelation, Sides = [.. sides] };
            return (state with { Info = state.Info with { NextRelation = made.Id + 1 } }).With(made);
        });
        return new IntegrateResult(made!.Id, made.Key);
    }

    public void Remove(RemoveRelationRequest request) => controller.GetModel(request.Model).Update(state =>
    {
        var relation = Find(state, request);
        var dying = relation with { Life = Life.Dying };
        return RelationEnd.RemoveIfEmpty(state.With(dying), dying);
    });

    static RelationRecord Find(ModelState state, RemoveRelationRequest request)
    {
        if (request.Second is null)
        {
            return int.TryParse(request.First, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && state.FindRelation(id) is { IsPeer: false } byId
                ? byId
                : throw ControllerException.NotFound($"relation {request.First} not found");
        }

        var first = EndpointArgument.Parse(request.First);
        var second = EndpointArgument.Parse(request.Second);
        ApplicationOperations.Get(state, first.Application);
        ApplicationOperations.Get(state, second.Application);
        var found = state.Relations.Values.Where(relation => !relation.IsPeer && Fits(relation, first, second)).ToList();
        return found switch
        {
            [var only] => only,
            [] => throw ControllerException.NotFound($"relation \"{request.First} {request.Second}\" not found"),
            _ => throw ControllerException.BadRequest(
                $"ambiguous relation: \"{request.First} {request.Second}\" could refer to {string.Join("; ", found.Select(relation => $"\"{relation.Key}\""))}"),
        };
    }

    static bool Fits(RelationRecord relation, EndpointArgument first, EndpointArgument second) =>
        (Fits(relation.Sides[0], first) && Fits(relation.Sides[1], second)) || (Fits(relation.Sides[0], second) && Fits(relation.Sides[1], first));

    static bool Fits(RelationSide side, EndpointArgument argument) =>
        side.Application == argument.Application && (argument.Endpoint is null || side.Endpoint == argument.Endpoint);

    static EndpointPair Infer(ModelState state, string first, string second)
    {
        var (a, b) = (EndpointArgument.Parse(first), EndpointArgument.Parse(second));
        var (one, two) = (ApplicationOperations.Get(state, a.Application), ApplicationOperations.Get(state, b.Application));
        if (one.Life != Life.Alive || two.Life != Life.Alive)
        {
            throw ControllerException.BadRequest($"cannot add relation \"{first} {second}\": application \"{(one.Life != Life.Alive ? one.Name : two.Name)}\" is not alive");
        }

        return EndpointInference.Infer(a, state.CharmOf(one).Definition, b, state.CharmOf(two).Definition);
    }

    static RelationSide Side(string application, Endpoint endpoint) =>
        new(application, endpoint.Name, endpoint.Interface, endpoint.Role, endpoint.Scope);
}
