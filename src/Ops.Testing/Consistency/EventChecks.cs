using System.Globalization;
using System.Text.Json;

namespace Ops.Testing;

static class EventChecks
{
    public static IEnumerable<string> Of(Event e, State state, CharmMetadata meta)
    {
        if (e.ActionName is { } action)
        {
            return OfAction(action, e.Params, meta);
        }

        if (!JujuEvents.IsDeclared(e.Name, meta))
        {
            return [$"the event \"{e.Name}\" is none that Juju sends to this charm: charmcraft.yaml declares nothing it could be about"];
        }

        return e switch
        {
            { Relation: { } relation } => OfRelation(e, relation, state),
            { Container: { } container } => OfContainer(e, container, state),
            { Secret: { } secret } => OfSecret(e, secret, state),
            { Storage: { } storage } when state.Storages.All(s => s.FullId != storage.FullId) =>
                [$"\"{e.Name}\" is about storage \"{storage.FullId}\", which the state does not have"],
            _ => [],
        };
    }

    static IEnumerable<string> OfAction(string name, IReadOnlyDictionary<string, JsonElement> given, CharmMetadata meta)
    {
        if (!meta.Actions.TryGetValue(name, out var action))
        {
            yield return $"the action \"{name}\" does not exist; {ConsistencyChecker.Declared(meta.Actions.Keys)}";
            yield break;
        }

        foreach (var (key, parameter) in action.Parameters.Where(p => p.Value.Required && !given.ContainsKey(p.Key)))
        {
            yield return $"the action \"{name}\" is run without \"{key}\", which it requires: Juju would refuse to queue it";
        }

        foreach (var (key, value) in given)
        {
            if (!action.Parameters.TryGetValue(key, out var parameter))
            {
                if (!action.AdditionalProperties)
                {
                    yield return $"the action \"{name}\" has no parameter \"{key}\" and takes no others; it has {string.Join(", ", action.Parameters.Keys.Select(k => $"\"{k}\""))}";
                }
            }
            else if (!Fits(value, parameter.Type))
            {
                yield return $"the parameter \"{key}\" of action \"{name}\" is declared as {parameter.Type}, and is given {value.GetRawText()}";
            }
            else if (parameter.Values is { } values && !values.Contains(value.ToString()))
            {
                yield return $"the parameter \"{key}\" of action \"{name}\" must be one of {string.Join(", ", values)}, and is given {value.GetRawText()}";
            }
        }
    }

    static bool Fits(JsonElement value, string? type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };

    static IEnumerable<string> OfRelation(Event e, RelationState relation, State state)
    {
        var there = state.Relations.FirstOrDefault(r => r.Id == relation.Id);
        if (there is null)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"\"{e.Name}\" is about relation {relation.Endpoint}:{relation.Id}, which the state does not have: add it to State.Relations");
            yield break;
        }

        if (there.Endpoint != relation.Endpoint)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"\"{e.Name}\" is about relation {relation.Id}, which is one of \"{there.Endpoint}\" in the state");
        }

        if (there.IsPeer && e.Name.EndsWith("_relation_broken", StringComparison.Ordinal))
        {
            yield return $"\"{e.Name}\": a peer relation is never broken";
        }

        var unit = e.Variables.GetValueOrDefault("JUJU_REMOTE_UNIT", "");
        var number = unit.Length > 0 ? int.Parse(unit[(unit.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture) : -1;
        if (number >= 0 && !e.Name.EndsWith("_relation_departed", StringComparison.Ordinal) && !there.RemoteUnitsData.ContainsKey(number))
        {
            yield return $"\"{e.Name}\" is about unit \"{unit}\", which is not in RemoteUnitsData of that relation";
        }
    }

    static IEnumerable<string> OfContainer(Event e, string name, State state)
    {
        var container = state.Containers.FirstOrDefault(c => c.Name == name);
        if (container is null)
        {
            yield return $"\"{e.Name}\" is about container \"{name}\", which the state does not have: add it to State.Containers";
            yield break;
        }

        if (!container.CanConnect && e.Name.EndsWith("_pebble_ready", StringComparison.Ordinal))
        {
            yield return $"\"{e.Name}\" says that the Pebble of \"{name}\" answers, and CanConnect says that it does not";
        }

        if (e.Variables.TryGetValue("JUJU_PEBBLE_CHECK_NAME", out var check) && !container.Plan.Checks.ContainsKey(check))
        {
            yield return $"\"{e.Name}\" is about check \"{check}\", which no layer of container \"{name}\" has";
        }

        if (e.Variables.TryGetValue("JUJU_NOTICE_ID", out var notice) && container.Notices.All(n => n.Id != notice))
        {
            yield return $"\"{e.Name}\" is about notice \"{notice}\", which container \"{name}\" does not have";
        }
    }

    static IEnumerable<string> OfSecret(Event e, SecretState secret, State state)
    {
        var there = state.Secrets.FirstOrDefault(s => s.Id == secret.Id);
        if (there is null)
        {
            yield return $"\"{e.Name}\" is about secret \"{secret.Id}\", which the state does not have: add it to State.Secrets";
        }
        else if (e.Name == "secret_changed" && there.Owner != SecretOwner.Other)
        {
            yield return "\"secret_changed\" is sent to those who read a secret, and this one is the charm's own";
        }
        else if (e.Name != "secret_changed" && there.Owner == SecretOwner.Other)
        {
            yield return $"\"{e.Name}\" is sent to the owner of a secret, and this one belongs to another";
        }
        else if (e.Name != "secret_changed" && there.Owner == SecretOwner.App && !state.Leader)
        {
            yield return $"\"{e.Name}\" of a secret of the application is sent to the leader, and this unit is not";
        }
    }
}
