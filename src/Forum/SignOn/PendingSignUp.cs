using System.Text.Json.Nodes;
using Forum.Sessions;

namespace Forum.SignOn;

/// <summary>Someone whom a provider knows and who has no account yet: kept in their session until they have chosen a name.</summary>
sealed class PendingSignUp(BrowserSession browser)
{
    const string Key = "authentication";

    public Task SetAsync(HttpContext context, ExternalIdentity identity, CancellationToken cancellation) => browser.SetAsync(context, Key, new JsonObject
    {
        ["provider"] = identity.Provider,
        ["uid"] = identity.Uid,
        ["email"] = identity.Email,
        ["email_valid"] = identity.IsEmailVerified,
        ["name"] = identity.Name,
        ["username"] = identity.Username,
        ["info"] = identity.Info.DeepClone(),
        ["extra"] = identity.Extra.DeepClone(),
    }.ToJsonString(), cancellation);

    public async Task<ExternalIdentity?> FindAsync(HttpContext context, CancellationToken cancellation)
    {
        if (await browser.GetAsync(context, Key, cancellation) is not { Length: > 0 } text)
        {
            return null;
        }

        var kept = JsonNode.Parse(text)!.AsObject();
        return new ExternalIdentity
        {
            Provider = (string)kept["provider"]!,
            Uid = (string)kept["uid"]!,
            Email = (string?)kept["email"],
            IsEmailVerified = (bool)kept["email_valid"]!,
            Name = (string?)kept["name"],
            Username = (string?)kept["username"],
            Info = kept["info"]?.DeepClone() as JsonObject ?? [],
            Extra = kept["extra"]?.DeepClone() as JsonObject ?? [],
        };
    }

    public Task ForgetAsync(HttpContext context, CancellationToken cancellation) => browser.TakeAsync(context, Key, cancellation);
}
