using Forum.Badges;
using Forum.Bookmarks;
using Forum.Categories;
using Forum.Database;
using Forum.Lists;
using Forum.Mail;
using Forum.Polls;
using Forum.Posts;
using Forum.Settings;
using Forum.Topics;
using Forum.TrustLevels;

namespace Forum.Jobs;

/// <summary>What comes round by itself in a forum's content.</summary>
static class ContentJobs
{
    public static void AddContentJobs(this IServiceCollection services)
    {
        services.AddSingleton<IScheduledJob, RunTopicTimers>();
        services.AddSingleton<IScheduledJob, BookmarkReminders>();
        services.AddSingleton<IScheduledJob, HotTopics>();
        services.AddSingleton<IScheduledJob, CategoryStats>();
        services.AddSingleton<IScheduledJob, ClosePolls>();
        services.AddSingleton<IScheduledJob, RemoveWithdrawnPosts>();
        services.AddSingleton<IScheduledJob, RegularPromotions>();
        services.AddSingleton<IScheduledJob, Digests>();
        services.AddSingleton<IScheduledJob, CleanUp>();
        Add(services, provider => BadgeGrants.All(provider.GetRequiredService<ForumDatabase>(), provider.GetRequiredService<TimeProvider>()));
        Add(services, provider => TopTopics.All(provider.GetRequiredService<ForumDatabase>(), provider.GetRequiredService<SiteSettings>(), provider.GetRequiredService<TimeProvider>()));
        Add(services, NotificationMail.All);
    }

    /// <summary>Jobs that come in twos: one often for what is new, one seldom for all.</summary>
    static void Add(IServiceCollection services, Func<IServiceProvider, IEnumerable<IScheduledJob>> pair)
    {
        foreach (var at in (int[])[0, 1])
            services.AddSingleton(provider => pair(provider).ElementAt(at));
    }
}
