using System.Net;
using Forum.AdminUsers;
using Forum.ApiKeys;
using Forum.Backups;
using Forum.Badges;
using Forum.Configuration;
using Forum.Database;
using Forum.MemberDirectory;
using Forum.Groups;
using Forum.Installation;
using Forum.Invites;
using Forum.Jobs;
using Forum.Logs;
using Forum.Mail;
using Forum.MessageBus;
using Forum.Metrics;
using Forum.Pages;
using Forum.PageCache;
using Forum.RateLimits;
using Forum.Redis;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Reports;
using Forum.Settings;
using Forum.SignOn;
using Forum.Site;
using Forum.Status;
using Forum.Users;
using Forum.Web;
using Npgsql;

namespace Forum;

/// <summary>The web server: services, middleware in order, routes.</summary>
static class ForumServer
{
    /// <summary>After TERM requests under way get this long; the charm's Pebble kills after 20 seconds.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);

    /// <summary>A request may hold this much; uploads say more for themselves.</summary>
    const int LargestBodyBytes = 32 * 1024 * 1024;

    public static async Task<int> RunAsync(GlobalSettings globals)
    {
        var port = int.TryParse(globals.Environment.GetValueOrDefault("UNICORN_PORT"), out var given) ? given : 3000;
        var address = globals.Environment.ContainsKey("UNICORN_BIND_ALL") ? IPAddress.Any : IPAddress.Loopback;
        await using var app = Build(globals, address, port, TimeProvider.System);
        await app.RunAsync();
        return 0;
    }

    /// <summary>The app, not started. Port 0 takes a free one.</summary>
    public static WebApplication Build(GlobalSettings globals, IPAddress address, int port, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = globals.AppRoot });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBodyBytes;
            kestrel.Listen(address, port);
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton<ILoggerProvider, ForumLoggerProvider>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);

        AddForum(builder.Services, globals, time);
        builder.Services.AddHostedService<SettingsWatch>();
        builder.Services.AddHostedService<JobRunner>();
        builder.Services.AddHostedService<JobSchedule>();
        builder.Services.AddHostedService<MemoryWatch>();
        builder.Services.AddHostedService<MetricsFile>();
        builder.Services.AddSingleton<ApplicationRequests>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ApplicationRequests>());
        builder.Services.AddHostedService<Listening>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Reading.TopicViews>());

        var app = builder.Build();
        UseForum(app, globals);
        MapForum(app);
        return app;
    }

    /// <summary>What commands need too: database, Redis, settings, accounts.</summary>
    public static void AddForum(IServiceCollection services, GlobalSettings globals, TimeProvider time)
    {
        services.AddSingleton(globals);
        services.AddSingleton(time);
        services.AddSingleton<ForumLogs>();
        services.AddSingleton<WebMetrics>();
        services.AddSingleton<ProcessMetrics>();
        services.AddSingleton(_ => DatabaseSettings.Source(globals, prepares: true));
        services.AddKeyedSingleton("unprepared", (_, _) => DatabaseSettings.Source(globals, prepares: false));
        services.AddSingleton(provider => new ForumDatabase(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredKeyedService<NpgsqlDataSource>("unprepared")));
        services.AddSingleton(RedisOptions.From(globals));
        services.AddSingleton<RedisClient>();
        services.AddSingleton<SiteSettings>();
        services.AddSingleton<BaseUrl>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<IpLimits>();
        services.AddSingleton<Overload>();
        services.AddSingleton<ReadOnlyMode>();
        services.AddSingleton<MessageBus.MessageBus>();
        services.AddSingleton<AnonymousPages>();
        services.AddSingleton<ContentMessages>();
        services.AddSingleton<SecretKey>();
        services.AddSingleton<BrowserSession>();
        services.AddSingleton<AuthTokens>();
        services.AddSingleton<ApiKeyCheck>();
        services.AddSingleton<UserApiKeyCheck>();
        services.AddSingleton<SignIn>();
        services.AddAccounts();
        services.AddSignOn();
        services.AddJobs();
        services.AddSingleton(MailSettings.From(globals));
        services.AddSingleton<Mailer>();
        services.AddBackups();
        services.AddSingleton<IJob, SendMail>();
        services.AddContent();
    }

    static void UseForum(WebApplication app, GlobalSettings globals)
    {
        app.UseMiddleware<RequestMeter>();
        app.UseMiddleware<Refusals>();
        app.UseMiddleware<Cors>();
        if (globals.RelativeUrlRoot.Length > 0)
        {
            app.UsePathBase(globals.RelativeUrlRoot);
        }

        app.UseMiddleware<FormPosts>();
        app.UseMiddleware<RequestFormat>();
        app.UseRouting();
        app.UseMiddleware<SettingsAtStart>();
        app.UseMiddleware<BlockedCrawlers>();
        app.UseMiddleware<AnonymousCache>();
        app.UseMiddleware<SessionMiddleware>();
        app.UseMiddleware<ReadOnlyGuard>();
        app.UseMiddleware<Retries>();
    }

    /// <summary>All routes. Each feature's file has its own table.</summary>
    static void MapForum(WebApplication app)
    {
        app.MapStatus();
        app.MapMetrics();
        app.MapMessageBus();
        app.MapSessions();
        app.MapSignUp();
        app.MapPasswordResets();
        app.MapSignOn();
        app.MapFinishInstallation();
        app.MapContent();
        app.MapUsers();
        app.MapPreferences();
        app.MapEmailChanges();
        app.MapSecondFactors();
        app.MapGroups();
        app.MapGroupMembers();
        app.MapGroupRequests();
        app.MapGroupPosts();
        app.MapAdminGroups();
        app.MapDirectory();
        app.MapAdminUsers();
        app.MapPenalties();
        app.MapUserRights();
        app.MapUserGroups();
        app.MapReports();
        app.MapApiKeys();
        app.MapSettings();
        app.MapUserApiKeys();
        app.MapAvatars();
        app.MapBadges();
        app.MapInvites();
        app.MapBackups();
    }
}
