using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>
/// Secret events: expired and rotate to the owner until it acts, changed to each reader once per revision, remove to the
/// owner when nobody tracks an old revision any more.
/// </summary>
static class SecretTurns
{
    /// <summary>How long an owner that did not act is left in peace.</summary>
    static readonly TimeSpan Repeat = TimeSpan.FromMinutes(5);

    public static HookRun? Find(ModelState model, UnitRecord unit, AgentRecord agent, DateTimeOffset now)
    {
        if (unit.Life != Life.Alive)
        {
            return null;
        }

        foreach (var secret in model.Secrets.Values)
        {
            var turn = (IsOwner(model, unit, secret) ? FindForOwner(secret, agent, now) : null) ?? FindForReader(secret, unit, agent);
            if (turn is not null)
            {
                return turn;
            }
        }

        return null;
    }

    /// <summary>When the earliest of the unit's secrets expires or rotates next; null: never.</summary>
    public static DateTimeOffset? NextDue(ModelState model, UnitRecord unit, AgentRecord agent)
    {
        DateTimeOffset? next = null;
        foreach (var secret in model.Secrets.Values)
        {
            if (!IsOwner(model, unit, secret))
            {
                continue;
            }

            foreach (var revision in secret.Revisions)
            {
                Consider(revision.Expires, $"expired {secret.Id}/{revision.Number}");
            }

            Consider(secret.Rotates, $"rotate {secret.Id}");
        }

        return next;

        void Consider(DateTimeOffset? due, string key)
        {
            if (due is { } at)
            {
                var told = agent.OwnerTold.TryGetValue(key, out var last) && last >= at ? last + Repeat : at;
                next = next is null || told < next ? told : next;
            }
        }
    }

    /// <summary>What the agent knows after the turn.</summary>
    public static AgentRecord After(AgentRecord agent, HookRun turn, DateTimeOffset now) => turn.Name switch
    {
        "secret-changed" => agent with { SecretsTold = agent.SecretsTold.SetItem(turn.Secret!, turn.SecretRevision ?? 0) },
        _ => agent with { OwnerTold = agent.OwnerTold.SetItem(KeyOf(turn), now) },
    };

    static bool IsOwner(ModelState model, UnitRecord unit, SecretRecord secret) =>
        secret.Owner == unit.Name || (secret.Owner == unit.Application && model.Applications[unit.Application].Leader == unit.Name);

    static HookRun? FindForOwner(SecretRecord secret, AgentRecord agent, DateTimeOffset now)
    {
        foreach (var revision in secret.Revisions)
        {
            var turn = Turn("secret-expired", secret) with { SecretRevision = revision.Number };
            if (revision.Expires is { } expires && expires <= now && MayTell(turn, expires))
            {
                return turn;
            }
        }

        if (secret.Rotation != "never" && secret.Rotates is { } rotates && rotates <= now && MayTell(Turn("secret-rotate", secret), rotates))
        {
            return Turn("secret-rotate", secret);
        }

        foreach (var revision in secret.Revisions.SkipLast(1))
        {
            var turn = Turn("secret-remove", secret) with { SecretRevision = revision.Number };
            if (secret.Consumers.Values.All(consumer => consumer.Revision != revision.Number) && !agent.OwnerTold.ContainsKey(KeyOf(turn)))
            {
                return turn;
            }
        }

        return null;

        bool MayTell(HookRun turn, DateTimeOffset due) =>
            !agent.OwnerTold.TryGetValue(KeyOf(turn), out var told) || told < due || told + Repeat <= now;
    }

    static HookRun? FindForReader(SecretRecord secret, UnitRecord unit, AgentRecord agent)
    {
        if (!secret.Consumers.TryGetValue(unit.Name, out var consumer) || consumer.Revision >= secret.Latest.Number
            || agent.SecretsTold.GetValueOrDefault(secret.Id) >= secret.Latest.Number)
        {
            return null;
        }

        return Turn("secret-changed", secret) with { SecretRevision = secret.Latest.Number, SecretLabel = consumer.Label ?? "" };
    }

    static HookRun Turn(string name, SecretRecord secret) => new()
    {
        Kind = HookKind.Secret,
        Name = name,
        Secret = secret.Id,
        SecretLabel = secret.Label ?? "",
    };

    static string KeyOf(HookRun turn) => turn.SecretRevision is { } revision
        ? $"{turn.Name["secret-".Length..]} {turn.Secret}/{revision}"
        : $"{turn.Name["secret-".Length..]} {turn.Secret}";
}
