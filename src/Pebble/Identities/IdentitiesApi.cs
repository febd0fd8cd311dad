using System.Text.Json;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Identities;

/// <summary>/v1/identities.</summary>
static class IdentitiesApi
{
    public static ValueTask<Reply> GetAsync(Daemon daemon, Request _, CancellationToken _1)
    {
        var all = daemon.Identities.All;
        return ValueTask.FromResult(Reply.Sync(writer => IdentityJson.Write(writer, all, showSecrets: false)));
    }

    public static async ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode request body", cancellation);
        var identities = Read(body);
        var register = daemon.Identities;
        var user = SecurityLog.NameOf(request.Caller);
        try
        {
            switch (body.String("action"))
            {
                case "add":
                    RequireValues(identities, "add");
                    LogChanges(user, identities, "user_created", "Creating");
                    register.Add(identities);
                    break;
                case "update":
                    RequireValues(identities, "update");
                    LogChanges(user, identities, "user_updated", "Updating");
                    register.Update(identities);
                    break;
                case "replace":
                    LogChanges(user, identities, "user_updated", "Updating");
                    register.Replace(identities);
                    break;
                case "remove":
                    RequireNulls(identities);
                    LogChanges(user, identities, "", "");
                    register.Update(identities);
                    break;
                case var action:
                    throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}, must be \"add\", \"update\", \"replace\", or \"remove\"");
            }
        }
        catch (FormatException e)
        {
            throw ApiError.BadRequest(e.Message);
        }

        return Reply.Sync();
    }

    /// <summary>The member "identities" of an object: by name, null to remove.</summary>
    /// <exception cref="ApiError">One of them is not valid.</exception>
    public static Dictionary<string, Identity?> Read(JsonBody body)
    {
        var identities = new Dictionary<string, Identity?>();
        foreach (var (name, value) in body.Members("identities", "map[string]*daemon.apiIdentity").Select(member => (member.Name, member.Value)))
        {
            try
            {
                identities[name] = Identity.Of(name, value.ValueKind == JsonValueKind.Null ? null : body.Wrap(value, "identities", "apiIdentity"));
            }
            catch (FormatException e)
            {
                throw ApiError.BadRequest($"invalid identity for {GoQuote.Quote(name)}: {e.Message}");
            }
        }

        return identities;
    }

    /// <summary>Those without a value go.</summary>
    static void LogChanges(string user, Dictionary<string, Identity?> identities, string name, string verb)
    {
        foreach (var (key, identity) in identities)
        {
            if (identity is null)
            {
                SecurityLog.Warn("user_deleted", $"{user},{key}", $"Deleting user {key}");
            }
            else
            {
                var access = Identity.Word(identity.Access);
                SecurityLog.Warn(name, $"{user},{key},{access}", $"{verb} {access} user {key}");
            }
        }
    }

    static void RequireValues(Dictionary<string, Identity?> identities, string action)
    {
        if (identities.FirstOrDefault(each => each.Value is null).Key is { } name)
        {
            throw ApiError.BadRequest($"identity value for {GoQuote.Quote(name)} must not be null for {action} operation");
        }
    }

    static void RequireNulls(Dictionary<string, Identity?> identities)
    {
        if (identities.FirstOrDefault(each => each.Value is not null).Key is { } name)
        {
            throw ApiError.BadRequest($"identity value for {GoQuote.Quote(name)} must be null for remove operation");
        }
    }
}
