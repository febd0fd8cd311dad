using Juju.Local.State;

namespace Juju.Local.Secrets;

static class SecretRemoval
{
    /// <summary>One revision, or all of the secret; without its last revision a secret is gone.</summary>
    public static ModelState Remove(ModelState state, string id, int? revision)
    {
        if (!state.Secrets.TryGetValue(id, out var secret))
        {
            return state;
        }

        var kept = revision is null ? [] : secret.Revisions.RemoveAll(item => item.Number == revision);
        return kept.IsEmpty ? state with { Secrets = state.Secrets.Remove(id) } : state.With(secret with { Revisions = kept });
    }

    /// <summary>Users' secrets that are pruned by themselves lose the old revisions that nobody tracks.</summary>
    public static ModelState Prune(ModelState state)
    {
        foreach (var secret in state.Secrets.Values.Where(secret => secret is { AutoPrune: true, Revisions.Count: > 1 }))
        {
            var kept = secret.Revisions.RemoveAll(revision =>
                revision != secret.Latest && secret.Consumers.Values.All(consumer => consumer.Revision != revision.Number));
            state = kept.Count == secret.Revisions.Count ? state : state.With(secret with { Revisions = kept });
        }

        return state;
    }

    /// <summary>What an owner takes with it.</summary>
    public static ModelState RemoveOwnedBy(ModelState state, string owner) =>
        state.Secrets.Values.Any(secret => secret.Owner == owner)
            ? state with { Secrets = state.Secrets.RemoveRange(state.Secrets.Values.Where(secret => secret.Owner == owner).Select(secret => secret.Id)) }
            : state;

    /// <summary>A reader that is gone tracks nothing and is granted nothing.</summary>
    public static ModelState RemoveReader(ModelState state, string reader)
    {
        foreach (var secret in state.Secrets.Values.Where(secret => secret.Consumers.ContainsKey(reader) || secret.Grants.ContainsKey(reader)))
        {
            state = state.With(secret with { Consumers = secret.Consumers.Remove(reader), Grants = secret.Grants.Remove(reader) });
        }

        return state;
    }
}
