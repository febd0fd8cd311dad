using Forum.MessageBus;
using Forum.Notifications;
using Forum.Posts;
using Forum.Redis;
using Forum.Settings;

namespace Forum.PageCache;

/// <summary>Keeps the ears open: subscribes to what other units publish, again whenever Redis comes back.</summary>
sealed class Listening(RedisClient redis, AnonymousPages pages, MessageBus.MessageBus bus, SiteSettings settings, ForumEvents events, ContentMessages messages, NotificationMessages notifications, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        events.Listen(messages.PublishAsync);
        events.Listen(notifications.PublishAsync);
        settings.Changed += () => _ = pages.ChangedAsync(CancellationToken.None);
        using var timer = new PeriodicTimer(Interval, time);
        var isListening = false;
        do
        {
            try
            {
                if (!isListening || !redis.IsAvailable)
                {
                    isListening = false;
                    await bus.ListenAsync(stoppingToken);
                    await pages.ListenAsync(stoppingToken);
                    isListening = true;
                }
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
            {
                // The client says so once, or Redis holds something else under our names; this looks again.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
