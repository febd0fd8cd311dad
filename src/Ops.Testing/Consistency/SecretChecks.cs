namespace Ops.Testing;

static class SecretChecks
{
    public static IEnumerable<string> Of(State state)
    {
        foreach (var secret in state.Secrets)
        {
            if (secret.Content.Count == 0)
            {
                yield return $"the secret \"{secret.Id}\" has no content: Juju takes none without";
            }

            if (secret.LatestContent is not null && secret.Revision < 2)
            {
                yield return $"the secret \"{secret.Id}\" has a later content and only one revision: set Revision";
            }
        }

        foreach (var same in state.Secrets.GroupBy(s => s.Id).Where(g => g.Count() > 1))
        {
            yield return $"the secret id \"{same.Key}\" is there more than once";
        }

        foreach (var same in state.Secrets.Where(s => s.Label is not null).GroupBy(s => (s.Label, s.Owner)).Where(g => g.Count() > 1))
        {
            yield return $"the secret label \"{same.Key.Label}\" is there more than once: labels are unique";
        }
    }
}
