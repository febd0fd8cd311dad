using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.SignOn;

/// <summary>Ends the link between a member and who they are at a provider.</summary>
static class AccountLinksApi
{
    public static void MapAccountLinks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/u/{username}/preferences/revoke-account", RevokeAsync).RequireLogin().Named("users#revoke_account");

    /// <summary>Whether members may take the link to the provider off; the setting openid_connect_allow_association_change.</summary>
    public static bool CanRevoke(string provider, SettingValues settings) => provider == "oidc" && settings.Bool("openid_connect_allow_association_change");

    static async Task<IResult> RevokeAsync(string username, Parameters given, CurrentUser current, ForumDatabase database, SiteSettings settings, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        var provider = given.Required("provider_name");
        if (!CanRevoke(provider, settings.Current))
        {
            throw Refused.NotFound();
        }

        return await database.ExecuteAsync("DELETE FROM user_associated_accounts WHERE user_id = $1 AND provider_name = $2", [id, provider], cancellation) > 0
            ? Replies.Success() : throw Refused.NotFound();
    }
}
