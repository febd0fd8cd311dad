using Forum.Bookmarks;
using Forum.Categories;
using Forum.Composer;
using Forum.Drafts;
using Forum.Feeds;
using Forum.Jobs;
using Forum.Lists;
using Forum.Mail;
using Forum.Moderation;
using Forum.Notifications;
using Forum.Onebox;
using Forum.Pages;
using Forum.Polls;
using Forum.Posts;
using Forum.Presence;
using Forum.Reading;
using Forum.Search;
using Forum.Tags;
using Forum.Topics;
using Forum.Uploads;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Site;

/// <summary>Services and routes of what people write and read.</summary>
static class ContentServices
{
    public static void AddContent(this IServiceCollection services)
    {
        services.AddSingleton<CategoryStore>();
        services.AddSingleton<CategoryDeletion>();
        services.AddSingleton<CategoryEditor>();
        services.AddSingleton<Viewers>();
        services.AddSingleton<TopicStore>();
        services.AddSingleton<TopicPages>();
        services.AddSingleton<TopicListStore>();
        services.AddSingleton<PostStore>();
        services.AddSingleton<CookService>();
        services.AddSingleton<ForumEvents>();
        services.AddSingleton<NotificationMessages>();
        services.AddSingleton<PresenceStore>();
        services.AddSingleton<PostCreation>();
        services.AddSingleton<PostSubmission>();
        services.AddSingleton<SystemMessages>();
        services.AddSingleton<PostRevision>();
        services.AddSingleton<PostDeletion>();
        services.AddSingleton<PostFlags>();
        services.AddSingleton<PostMemory>();
        services.AddSingleton<TopicViews>();
        services.AddSingleton<PostActions>();
        services.AddSingleton<TopicStatus>();
        services.AddSingleton<TopicMoves>();
        services.AddModeration();
        services.AddSingleton<TrustLevels.Promotion>();
        services.AddSingleton<Unsubscribing>();
        services.AddContentJobs();
        services.AddSingleton<SearchStore>();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<OrphanUploads>();
        services.AddSingleton<LocalFiles>();
        services.AddSingleton<OptimizedImages>();
        services.AddOneboxes();
        services.AddSingleton<FileStores>();
        services.AddSingleton<S3.S3Buckets>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<IErrorPage, ErrorPage>();
        services.AddSingleton<Users.IProfilePage, ProfilePage>();
    }

    public static void MapContent(this IEndpointRouteBuilder app)
    {
        app.MapLists();
        app.MapCategories();
        app.MapTopics();
        app.MapPosts();
        app.MapPostFamily();
        app.MapManyPosts();
        app.MapPages();
        app.MapTopicChanges();
        app.MapMessagePeople();
        app.MapPostActions();
        app.MapBookmarks();
        app.MapDrafts();
        app.MapNotifications();
        app.MapTimings();
        app.MapTags();
        app.MapSite();
        app.MapBanner();
        app.MapPresence();
        app.MapFeeds();
        app.MapSearch();
        app.MapUploads();
        app.MapOneboxes();
        app.MapPolls();
        app.MapUserActions();
        app.MapModeration();
        app.MapUnsubscribe();
        app.MapTopicConversions();
        app.MapBulkTopics();
        app.MapComposer();
        app.MapTagSynonyms();
        app.MapTrackingState();
        app.MapUserSummary();
    }
}
