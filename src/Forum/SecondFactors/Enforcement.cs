using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.SecondFactors;

/// <summary>The setting enforce_second_factor: who must have a second factor and has none is led to the page that sets one up, and gets at nothing that is for staff.</summary>
/// <remarks>Source: upstream's ApplicationController#should_enforce_2fa?, which leads pages away and leaves programs alone; that staff's API is closed as well is ours.</remarks>
sealed class SecondFactorEnforcement(ForumDatabase database, SiteSettings settings)
{
    /// <returns>True when the visitor was sent to the page that sets a second factor up.</returns>
    /// <exception cref="RefusedException">403: the endpoint is for staff.</exception>
    public async Task<bool> RedirectsAsync(HttpContext context, Endpoint endpoint, CurrentUser user, CancellationToken cancellation)
    {
        if (user.Credential != Credential.Cookie || !IsEnforced(user))
        {
            return false;
        }

        var isPage = HttpMethods.IsGet(context.Request.Method) && context.WantsHtml();
        var isForStaff = endpoint.Metadata.OfType<Access>().LastOrDefault() is Access.Staff or Access.Admin;
        var page = $"/u/{Uri.EscapeDataString(user.Username.ToLowerInvariant())}/preferences/second-factor";
        if (!(isPage || isForStaff) || context.Request.Path.Equals(page, StringComparison.OrdinalIgnoreCase) || await HasOneAsync(user.Id, cancellation))
        {
            return false;
        }

        if (!isPage)
        {
            throw Refused.InvalidAccess("You must set up a second factor first.");
        }

        context.Response.Redirect(context.Request.PathBase + page);
        return true;
    }

    bool IsEnforced(CurrentUser user) => !user.IsAnonymous && settings.Text("enforce_second_factor") switch
    {
        "all" => true,
        "staff" => user.IsStaff,
        _ => false,
    };

    Task<bool> HasOneAsync(int userId, CancellationToken cancellation) =>
        database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM user_second_factors WHERE user_id = $1 AND enabled AND method IN (1, 3))", [userId], cancellation)!;
}
