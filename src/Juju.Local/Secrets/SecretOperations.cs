using System.Collections.Immutable;
using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Controllers;
using Juju.Local.State;

namespace Juju.Local.Secrets;

/// <summary>What people do with secrets: their own, and looking at the charms'.</summary>
sealed class SecretOperations(Controller controller)
{
    public SecretId Add(AddSecretRequest request)
    {
        var model = controller.GetModel(request.Model);
        var secret = new SecretRecord
        {
            Id = SecretContent.NewId(),
            Owner = SecretRecord.ModelOwner,
            Name = request.Name,
            Description = request.Description,
            Created = model.Now,
            Updated = model.Now,
            Revisions = [new SecretRevision(1, Check(request.Content), model.Now)],
        };
        model.Update(state =>
        {
            RefuseName(state, request.Name);
            return state.With(secret);
        });
        return new SecretId(secret.Uri);
    }

    public void Update(UpdateSecretRequest request)
    {
        var model = controller.GetModel(request.Model);
        model.Update(state =>
        {
            var secret = GetUserSecret(state, request.Secret);
            if (request.Name is { } name && name != secret.Name)
            {
                RefuseName(state, name);
            }

            var changed = secret with
            {
                Name = request.Name ?? secret.Name,
                Description = request.Description ?? secret.Description,
                AutoPrune = request.AutoPrune ?? secret.AutoPrune,
                Updated = model.Now,
            };
            if (request.Content is { Count: > 0 } content && Check(content) is var next && !SecretContent.AreEqual(next, secret.Latest.Content))
            {
                changed = changed with { Revisions = secret.Revisions.Add(new SecretRevision(secret.Latest.Number + 1, next, model.Now)) };
            }

            return SecretRemoval.Prune(state.With(changed));
        });
    }

    public void Grant(GrantSecretRequest request) => controller.GetModel(request.Model).Update(state =>
    {
        var secret = GetUserSecret(state, request.Secret);
        foreach (var application in request.Applications)
        {
            ApplicationOperations.Get(state, application);
            secret = secret with
            {
                Grants = request.Revoke ? secret.Grants.Remove(application) : secret.Grants.SetItem(application, $"model-{state.Info.Uuid}"),
            };
        }

        return state.With(secret);
    });

    public void Remove(RemoveSecretRequest request) => controller.GetModel(request.Model).Update(state =>
        SecretRemoval.Remove(state, GetUserSecret(state, request.Secret).Id, request.Revision));

    public SecretDetails Get(SecretRequest request)
    {
        var secret = GetSecret(controller.GetModel(request.Model).State, request.Secret);
        var revision = request.Revision is null ? secret.Latest
            : secret.Revisions.FirstOrDefault(item => item.Number == request.Revision)
                ?? throw ControllerException.NotFound($"secret \"{secret.Id}\" revision {request.Revision} not found");
        return Details(secret) with { Content = request.Reveal ? revision.Content : null };
    }

    public IReadOnlyList<SecretDetails> List(ListSecretsRequest request)
    {
        var wanted = request.Owner is { } owner ? OwnerOf(owner) : null;
        return [.. controller.GetModel(request.Model).State.Secrets.Values
            .Where(secret => wanted is null || secret.Owner == wanted).Select(Details)];
    }

    static SecretDetails Details(SecretRecord secret) => new()
    {
        Id = secret.Id,
        Revision = secret.Latest.Number,
        Owner = secret.Owner,
        Name = secret.Name,
        Label = secret.Label,
        Description = secret.Description,
        Rotation = secret.Owner == SecretRecord.ModelOwner ? null : secret.Rotation,
        Rotates = secret.Rotates,
        Expires = secret.Latest.Expires,
        Created = secret.Created,
        Updated = secret.Updated,
        Revisions = [.. secret.Revisions.Select(revision => new SecretRevisionDetails(revision.Number, revision.Created, revision.Created, revision.Expires))],
        Access = [.. secret.Grants.Select(grant => new SecretAccess(SecretDescription.TagOf(grant.Key), grant.Value, "view"))],
    };

    static SecretRecord GetSecret(ModelState state, string text) =>
        state.Secrets.GetValueOrDefault(SecretContent.IdOf(text))
        ?? state.Secrets.Values.FirstOrDefault(secret => secret.Name == text)
        ?? throw ControllerException.NotFound($"secret \"{text}\" not found");

    static SecretRecord GetUserSecret(ModelState state, string text) =>
        GetSecret(state, text) is { Owner: SecretRecord.ModelOwner } secret ? secret
            : throw ControllerException.Unauthorized($"secret \"{text}\" is owned by a charm: permission denied");

    static void RefuseName(ModelState state, string name)
    {
        if (state.Secrets.Values.Any(secret => secret.Name == name))
        {
            throw ControllerException.AlreadyExists($"secret with name \"{name}\" already exists");
        }
    }

    static ImmutableSortedDictionary<string, string> Check(IReadOnlyDictionary<string, string> content)
    {
        foreach (var key in content.Keys.Where(key => !SecretContent.IsKey(key)))
        {
            throw ControllerException.BadRequest($"key \"{key}\" not valid");
        }

        return content.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    static string OwnerOf(string text)
    {
        if (text.StartsWith("application-", StringComparison.Ordinal))
        {
            return text["application-".Length..];
        }

        if (text.StartsWith("unit-", StringComparison.Ordinal) && text.LastIndexOf('-') is > 4 and var dash)
        {
            return $"{text[5..dash]}/{text[(dash + 1)..]}";
        }

        return text == "model" || text.StartsWith("model-", StringComparison.Ordinal) ? SecretRecord.ModelOwner : text;
    }
}
