using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Hooks;
using Juju.Local.Relations;
using Juju.Local.Secrets;
using Juju.Local.State;

namespace Juju.Local.HookTools;

static class SecretTools
{
    static readonly string[] Valued = ["file", "label", "description", "expire", "rotate", "owner"];

    public static async Task<ToolResult> AddAsync(HookContext context, ToolCall call, CancellationToken cancellation)
    {
        var flags = ToolFlags.Parse(call.Arguments, [], Valued);
        var now = context.Model.Now;
        var content = await SecretValues.ReadAsync(call, flags, flags.Arguments, cancellation);
        if (content.Count == 0)
        {
            throw ToolException.Usage("missing secret value or filename");
        }

        var owner = flags.Get("owner") switch
        {
            null or "application" => context.IsLeader ? context.Application : throw new ToolException("this unit is not the leader"),
            "unit" => context.Unit,
            var unknown => throw ToolException.Usage($"secret owner \"{unknown}\" not valid"),
        };
        RefuseLabelInUse(context, flags.Get("label"), owner, null);
        var rotation = SecretValues.Rotation(flags) ?? "never";
        var secret = new SecretRecord
        {
            Id = SecretContent.NewId(),
            Owner = owner,
            Label = flags.Get("label"),
            Description = flags.Get("description"),
            Rotation = rotation,
            Rotates = now + SecretContent.Period(rotation),
            Created = now,
            Updated = now,
            Revisions = [new SecretRevision(1, content, now, SecretValues.Expiry(flags, now))],
        };
        context.Write(state => state.With(secret));
        return new ToolResult(secret.Uri + "\n");
    }

    public static async Task<ToolResult> SetAsync(HookContext context, ToolCall call, CancellationToken cancellation)
    {
        var flags = ToolFlags.Parse(call.Arguments, [], Valued);
        if (flags.Arguments is not [var uri, .. var values])
        {
            throw ToolException.Usage("missing secret URI");
        }

        var now = context.Model.Now;
        var secret = GetOwned(context, uri);
        var content = await SecretValues.ReadAsync(call, flags, values, cancellation);
        var rotation = SecretValues.Rotation(flags);
        var expires = SecretValues.Expiry(flags, now);
        RefuseLabelInUse(context, flags.Get("label"), secret.Owner, secret.Id);
        var known = context.Seen.Secrets.GetValueOrDefault(secret.Id)?.Latest.Number ?? 0;
        context.Write(state =>
        {
            if (!state.Secrets.TryGetValue(secret.Id, out var current))
            {
                return state;
            }

            var changed = current with
            {
                Label = flags.Get("label") ?? current.Label,
                Description = flags.Get("description") ?? current.Description,
                Rotation = rotation ?? current.Rotation,
                Rotates = rotation is null ? current.Rotates : now + SecretContent.Period(rotation),
                Updated = now,
            };
            if (content.Count > 0 && !SecretContent.AreEqual(content, current.Latest.Content))
            {
                // However many calls there are in a turn, they make one revision.
                var number = Math.Max(known, current.Latest.Number > known ? current.Latest.Number - 1 : known) + 1;
                var kept = current.Revisions.RemoveAll(revision => revision.Number >= number);
                changed = changed with
                {
                    Revisions = kept.Add(new SecretRevision(number, content, now, expires)),
                    Rotates = changed.Rotation == "never" ? null : now + SecretContent.Period(changed.Rotation),
                };
            }
            else if (expires is not null)
            {
                changed = changed with { Revisions = current.Revisions.SetItem(current.Revisions.Count - 1, current.Latest with { Expires = expires }) };
            }

            return state.With(changed);
        });
        return ToolResult.Silent;
    }

    public static JsonNode? Get(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(2);
        var label = flags.Get("label");

        // With a label alone, the only argument may be a key.
        var isKeyAlone = label is not null && flags.Arguments is [var only] && !SecretContent.IsId(only);
        var uri = !isKeyAlone && flags.Arguments is [{ Length: > 0 } first, ..] ? first : null;
        if (uri is null && label is null)
        {
            throw ToolException.Usage("require either a secret URI or label");
        }

        if (flags.Is("peek") && flags.Is("refresh"))
        {
            throw ToolException.Usage("specify one of --peek or --refresh but not both");
        }

        var secret = Find(context, uri, label) ?? throw new ToolException($"secret \"{(uri is null ? label : SecretContent.IdOf(uri))}\" not found");
        if (!secret.CanRead(context.Unit))
        {
            throw new ToolException("permission denied");
        }

        var isOwner = secret.Owner == context.Unit || (secret.Owner == context.Application && context.IsLeader);
        if (isOwner && uri is not null && label is not null && secret.Label != label)
        {
            throw new ToolException("either URI or label should be used for getting an owned secret but not both");
        }

        if (isOwner && flags.Is("refresh"))
        {
            throw new ToolException("secret owner cannot use --refresh");
        }

        var content = Choose(context, secret, flags, isOwner, uri is null ? null : label).Content;
        var key = isKeyAlone ? flags.Arguments[0] : flags.Arguments is [_, var second] ? second : null;
        return key is not null
            ? content.TryGetValue(key, out var value) ? value : throw new ToolException($"key \"{key}\" not found")
            : ToolFormat.Map(content);
    }

    // The first plain use tracks the latest revision, later ones stay with it; refresh moves on when the turn succeeds.
    static SecretRevision Choose(HookContext context, SecretRecord secret, ToolFlags flags, bool isOwner, string? newLabel)
    {
        var tracked = secret.Consumers.GetValueOrDefault(context.Unit);
        var current = context.View.Secrets[secret.Id];
        if (flags.Is("peek"))
        {
            return current.Latest;
        }

        if (isOwner && tracked is null)
        {
            return current.Latest;
        }

        if (tracked is null)
        {
            var consumer = new SecretConsumer(current.Latest.Number, newLabel);
            Track(context, secret.Id, consumer, atOnce: context.Seen.Secrets.ContainsKey(secret.Id));
            return current.Latest;
        }

        if (flags.Is("refresh") && tracked.Revision != current.Latest.Number)
        {
            Track(context, secret.Id, tracked with { Revision = current.Latest.Number, Label = newLabel ?? tracked.Label }, atOnce: false);
            return current.Latest;
        }

        if (newLabel is not null && newLabel != tracked.Label)
        {
            Track(context, secret.Id, tracked with { Label = newLabel }, atOnce: false);
        }

        return current.Revisions.FirstOrDefault(revision => revision.Number == tracked.Revision) ?? current.Latest;
    }

    static void Track(HookContext context, string id, SecretConsumer consumer, bool atOnce)
    {
        ModelState Change(ModelState state) => state.Secrets.TryGetValue(id, out var secret)
            ? state.With(secret with { Consumers = secret.Consumers.SetItem(context.Unit, consumer) })
            : state;
        if (atOnce)
        {
            context.WriteNow(Change);
        }
        else
        {
            context.Write(Change);
        }
    }

    public static JsonNode? GetInfo(HookContext context, ToolFlags flags)
    {
        var uri = flags.AtMostOne();
        var label = flags.Get("label");
        if (uri is null && label is null)
        {
            throw ToolException.Usage("require either a secret URI or label");
        }

        var secret = uri is null
            ? context.View.Secrets.Values.FirstOrDefault(secret => secret.Label == label && secret.IsOwnedBy(context.Unit))
                ?? throw new ToolException($"secret \"{label}\" not found")
            : GetOwned(context, uri);
        return new JsonObject { [secret.Id] = SecretDescription.Of(secret) };
    }

    public static JsonNode? Ids(HookContext context, ToolFlags flags)
    {
        flags.RefuseMoreThan(0);
        return ToolFormat.Strings(
            from secret in context.View.Secrets.Values
            where secret.Owner == context.Unit || (secret.Owner == context.Application && context.IsLeader)
            select secret.Id);
    }

    public static ToolResult Grant(HookContext context, ToolFlags flags)
    {
        var secret = GetOwned(context, flags.AtMostOne() ?? throw ToolException.Usage("missing secret URI"));
        var relation = ToolRelations.Get(context, flags);
        var reader = flags.Get("unit") ?? relation.OtherSide(context.Application).Application;
        context.Write(state => state.Secrets.TryGetValue(secret.Id, out var current)
            ? state.With(current with { Grants = current.Grants.SetItem(reader, RelationEnd.ScopeOf(relation)) })
            : state);
        return ToolResult.Silent;
    }

    public static ToolResult Revoke(HookContext context, ToolFlags flags)
    {
        var secret = GetOwned(context, flags.AtMostOne() ?? throw ToolException.Usage("missing secret URI"));
        var scope = flags.Has("relation") ? RelationEnd.ScopeOf(ToolRelations.Get(context, flags)) : null;
        var reader = flags.Get("unit") ?? flags.Get("application");
        if (scope is null && reader is null)
        {
            throw ToolException.Usage("missing relation or application or unit");
        }

        context.Write(state => state.Secrets.TryGetValue(secret.Id, out var current)
            ? state.With(current with
            {
                Grants = current.Grants.RemoveRange(
                    current.Grants.Where(grant => reader is null ? grant.Value == scope : grant.Key == reader).Select(grant => grant.Key)),
            })
            : state);
        return ToolResult.Silent;
    }

    public static ToolResult Remove(HookContext context, ToolFlags flags)
    {
        var secret = GetOwned(context, flags.AtMostOne() ?? throw ToolException.Usage("missing secret URI"));
        var revision = flags.Get("revision") is not { } text ? (int?)null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw ToolException.Usage($"invalid value \"{text}\" for option --revision: strconv.Atoi: parsing \"{text}\": invalid syntax");
        context.Write(state => SecretRemoval.Remove(state, secret.Id, revision));
        return ToolResult.Silent;
    }

    static SecretRecord? Find(HookContext context, string? uri, string? label)
    {
        if (uri is not null)
        {
            return context.View.Secrets.GetValueOrDefault(SecretContent.IdOf(uri));
        }

        return context.View.Secrets.Values.FirstOrDefault(secret => secret.Consumers.GetValueOrDefault(context.Unit)?.Label == label)
            ?? context.View.Secrets.Values.FirstOrDefault(secret => secret.Label == label && secret.IsOwnedBy(context.Unit));
    }

    static SecretRecord GetOwned(HookContext context, string uri)
    {
        var id = SecretContent.IdOf(uri);
        if (!context.View.Secrets.TryGetValue(id, out var secret))
        {
            throw new ToolException($"secret \"{id}\" not found");
        }

        return secret.Owner == context.Unit || (secret.Owner == context.Application && context.IsLeader) ? secret
            : throw new ToolException(secret.Owner == context.Application ? "this unit is not the leader" : "permission denied");
    }

    static void RefuseLabelInUse(HookContext context, string? label, string owner, string? except)
    {
        if (label is not null && context.View.Secrets.Values.Any(secret => secret.Label == label && secret.Owner == owner && secret.Id != except))
        {
            throw new ToolException($"secret with label \"{label}\" already exists");
        }
    }
}
