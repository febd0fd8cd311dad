using Forum.Categories;
using Forum.Lists;
using Forum.Pages;
using Forum.Posts;
using Forum.Reading;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Site;

/// <summary>Services and routes of what people write and read.</summary>
static class ContentServices
{
    public static void AddContent(this IServiceCollection services)
    {
        services.AddRazorComponents();
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
        services.AddSingleton<PostCreation>();
        services.AddSingleton<PostRevision>();
        services.AddSingleton<PostDeletion>();
        services.AddSingleton<PostFlags>();
        services.AddSingleton<PostMemory>();
        services.AddSingleton<TopicViews>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<IErrorPage, ErrorPage>();
    }

    public static void MapContent(this IEndpointRouteBuilder app)
    {
        app.MapLists();
        app.MapCategories();
        app.MapTopics();
        app.MapPosts();
        app.MapPages();
    }
}
