using Forum.Categories;
using Forum.Sessions;
using Forum.Settings;

namespace Forum.Viewing;

/// <summary>Who looks, at what moment, under which settings, and which categories there are: what every permission question needs.</summary>
sealed record Viewer(CurrentUser User, CategoryTree Categories, SettingValues Settings, DateTime Now)
{
    int[]? visible;

    /// <summary>Ids of the categories that the user may see.</summary>
    public int[] VisibleCategories => visible ??= Categories.VisibleTo(User);

    /// <summary>The extras that a browser's session needs are left out for API keys, whose answers the published schemas fix.</summary>
    public bool WantsExtras => User.Credential is Credential.Cookie or Credential.UserApiKey;

    public bool CanSeeWhispers => !User.IsAnonymous && User.IsInAny(Settings.Ids("whispers_allowed_groups"));

    public bool IsSilenced => User.IsSilenced(Now);
}

/// <summary>Makes the <see cref="Viewer"/> of a request, once.</summary>
sealed class Viewers(CategoryStore categories, SiteSettings settings, TimeProvider time)
{
    public async Task<Viewer> OfAsync(HttpContext context, CancellationToken cancellation)
    {
        if (context.Features.Get<Viewer>() is { } known)
            return known;
        var viewer = await AsAsync(context.User(), cancellation);
        context.Features.Set(viewer);
        return viewer;
    }

    /// <summary>Who acts when nobody does: the jobs, the rules.</summary>
    public static readonly CurrentUser System = new() { Id = -1, Username = "system", IsAdmin = true, IsModerator = true, TrustLevel = 4, IsApproved = true, GroupIds = [0, 1, 2, 3, 10, 11, 12, 13, 14] };

    public Task<Viewer> SystemAsync(CancellationToken cancellation) => AsAsync(System, cancellation);

    /// <summary>The forum as another user would see it, such as the system user for jobs.</summary>
    public async Task<Viewer> AsAsync(CurrentUser user, CancellationToken cancellation) =>
        new(user, await categories.LoadAsync(cancellation), settings.Current, time.GetUtcNow().UtcDateTime);
}
