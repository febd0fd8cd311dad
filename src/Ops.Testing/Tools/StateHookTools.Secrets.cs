using System.Globalization;

namespace Ops.Testing;

partial class StateHookTools
{
    int added;

    public string SecretAdd(IReadOnlyDictionary<string, string> content, SecretOptions options, bool app)
    {
        Called("secret-add");
        if (app)
        {
            RequireLeader("secret-add");
        }

        if (options.Label is { } label && State.Secrets.Any(s => s.Label == label && s.Owner != SecretOwner.Other))
        {
            throw new HookToolException("secret-add", 1, $"ERROR secret with label \"{label}\" already exists");
        }

        // A state that came of another event may hold secrets that were added then.
        string id;
        do
        {
            id = $"secret:{string.Create(CultureInfo.InvariantCulture, $"added{++added}").PadRight(20, '0')}";
        }
        while (State.Secrets.Any(secret => secret.Id == id));
        State = State with
        {
            Secrets =
            [
                .. State.Secrets,
                new SecretState(content)
                {
                    Id = id,
                    Owner = app ? SecretOwner.App : SecretOwner.Unit,
                    Label = options.Label,
                    Description = options.Description,
                    Expire = options.Expire,
                    Rotate = options.Rotate ?? SecretRotate.Never,
                },
            ],
        };
        return id;
    }

    public void SecretSet(string id, IReadOnlyDictionary<string, string>? content, SecretOptions options)
    {
        Called("secret-set");
        var secret = Owned(id);
        var changed = content is not null && !Same(content, secret.Latest);
        Replace(secret, secret with
        {
            LatestContent = changed ? content : secret.LatestContent,
            Revision = secret.Revision + (changed ? 1 : 0),
            Label = options.Label ?? secret.Label,
            Description = options.Description ?? secret.Description,
            Expire = options.Expire ?? secret.Expire,
            Rotate = options.Rotate ?? secret.Rotate,
        });
    }

    public IReadOnlyDictionary<string, string> SecretGet(string? id, string? label, SecretGetMode mode)
    {
        Called($"secret-get {id ?? label}");
        var secret = FindSecret(id, label) ?? throw new SecretNotFoundException($"cannot run secret-get: ERROR secret \"{id ?? label}\" not found");

        if (secret.Owner != SecretOwner.Other && id is not null && label is not null)
        {
            throw new HookToolException("secret-get", 1, "ERROR either URI or label should be used for getting an owned secret but not both");
        }

        if (secret.Owner != SecretOwner.Other && mode == SecretGetMode.Refresh)
        {
            throw new HookToolException("secret-get", 1, "ERROR secret owner cannot use --refresh");
        }

        // An id with a label gives the secret that label for this consumer.
        var labelled = id is not null && label is not null && secret.Owner == SecretOwner.Other ? secret with { Label = label } : secret;
        var read = mode == SecretGetMode.Refresh ? labelled with { Content = labelled.Latest, LatestContent = null } : labelled;
        if (read != secret)
        {
            Replace(secret, read);
        }

        return mode == SecretGetMode.Peek ? read.Latest : read.Content;
    }

    public SecretInfo SecretInfoGet(string? id, string? label)
    {
        Called($"secret-info-get {id ?? label}");
        var secret = FindSecret(id, label);
        return secret is { Owner: not SecretOwner.Other }
            ? new SecretInfo(secret.Id, secret.Revision, secret.Label, secret.Description, secret.Expire, secret.Rotate, null)
            : throw new SecretNotFoundException($"cannot run secret-info-get: ERROR secret \"{id ?? label}\" not found");
    }

    public IReadOnlyList<string> SecretIds()
    {
        Called("secret-ids");
        return [.. State.Secrets.Where(s => s.Owner != SecretOwner.Other).Select(s => Bare(s.Id))];
    }

    public void SecretGrant(string id, int relation, string? unit)
    {
        Called("secret-grant");
        var secret = Owned(id);
        var grants = secret.Grants.ToDictionary();
        var target = unit ?? AppOf(State.GetRelation(relation));
        grants[relation] = [.. grants.GetValueOrDefault(relation, []).Append(target).Distinct()];
        Replace(secret, secret with { Grants = grants });
    }

    public void SecretRevoke(string id, int relation, string? unit)
    {
        Called("secret-revoke");
        var secret = Owned(id);
        var grants = secret.Grants.ToDictionary();
        var target = unit ?? AppOf(State.GetRelation(relation));
        grants[relation] = [.. grants.GetValueOrDefault(relation, []).Where(g => g != target)];
        if (grants[relation].Count == 0)
        {
            grants.Remove(relation);
        }

        Replace(secret, secret with { Grants = grants });
    }

    public void SecretRemove(string id, int? revision)
    {
        Called("secret-remove");
        var secret = Owned(id);
        State = revision is { } number
            ? State with { Secrets = [.. State.Secrets.Select(s => s == secret ? s with { RemovedRevisions = [.. s.RemovedRevisions, number] } : s)] }
            : State with { Secrets = [.. State.Secrets.Where(s => s != secret)] };
    }

    static string Bare(string id) => id[(id.LastIndexOfAny([':', '/']) + 1)..];

    static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(o => other.TryGetValue(o.Key, out var value) && value == o.Value);

    SecretState? FindSecret(string? id, string? label) =>
        State.Secrets.FirstOrDefault(s => id is null ? s.Label == label : Bare(s.Id) == Bare(id));

    SecretState Owned(string id)
    {
        var secret = FindSecret(id, null) ?? throw new SecretNotFoundException($"cannot change the secret: ERROR secret \"{id}\" not found");
        if (secret.Owner == SecretOwner.Other)
        {
            throw new HookToolException("secret-set", 1, "ERROR permission denied");
        }

        if (secret.Owner == SecretOwner.App)
        {
            RequireLeader("secret-set");
        }

        return secret;
    }

    void Replace(SecretState old, SecretState changed) =>
        State = State with { Secrets = [.. State.Secrets.Select(s => ReferenceEquals(s, old) ? changed : s)] };
}
