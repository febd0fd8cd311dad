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
        try
        {
            switch (body.String("action"))
            {
                case "add":
                    RequireValues(identities, "add");
                    register.Add(identities);
                    break;
                case "update":
                    RequireValues(identities, "update");
                    register.Update(identities);
                    break;
                case "replace":
                    register.Replace(identities);
                    break;
                case "remove":
                    RequireNulls(identities);
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
        foreach (var (name, value) in body.Members("identities").Select(member => (member.Name, member.Value)))
        {
            try
            {
                identities[name] = Identity.Of(name, value.ValueKind == JsonValueKind.Null ? null : body.Wrap(value));
            }
            catch (FormatException e)
            {
                throw ApiError.BadRequest($"invalid identity for {GoQuote.Quote(name)}: {e.Message}");
            }
        }

        return identities;
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
