namespace Forum.Settings;

/// <summary>Loads the settings before the first request that may need them. The server starts, and answers /srv/status, without the database.</summary>
sealed class SettingsAtStart(RequestDelegate next, SiteSettings settings)
{
    Task? _loading;

    public async Task InvokeAsync(HttpContext context)
    {
        if (_loading is not { IsCompletedSuccessfully: true } && context.Request.Path != "/srv/status")
        {
            // Several first requests may each load; that is harmless. One that fails leaves the next to try again.
            await (_loading = settings.LoadAsync(context.RequestAborted));
        }

        await next(context);
    }
}
