namespace Forum.Moderation;

/// <summary>Services and routes of what moderators do.</summary>
static class ModerationServices
{
    public static void AddModeration(this IServiceCollection services)
    {
        services.AddSingleton<PostHiding>();
        services.AddSingleton<Silencing>();
        services.AddSingleton<FlagReview>();
        services.AddSingleton<Flagging>();
        services.AddSingleton<QueuedPosts>();
        services.AddSingleton<UserReview>();
        services.AddSingleton<Reviews>();
        services.AddSingleton<ReviewJson>();
    }

    public static void MapModeration(this IEndpointRouteBuilder app)
    {
        app.MapReview();
        app.MapWatchedWords();
        app.MapStaffActionLogs();
        app.MapScreened();
    }
}
