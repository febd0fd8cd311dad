using System.Net;
using Forum.Configuration;
using Forum.Database;
using Forum.Metrics;
using Forum.Redis;
using Npgsql;

namespace Forum.Exporter;

/// <summary>
/// The exporter: a process of its own on port 9394. It answers from what the server left and what it can ask PostgreSQL and
/// Redis itself, so it goes on answering when the server hangs or is down.
/// </summary>
static class ExporterServer
{
    const int DefaultPort = 9394;

    /// <summary>After this long without news the server's gauges say nothing any more; its counters stay.</summary>
    static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(GlobalSettings globals)
    {
        var port = int.TryParse(globals.Environment.GetValueOrDefault("DISCOURSE_EXPORTER_PORT"), out var given) ? given : DefaultPort;
        await using var app = Build(globals, IPAddress.Any, port, TimeProvider.System);
        await app.RunAsync();
        return 0;
    }

    public static WebApplication Build(GlobalSettings globals, IPAddress address, int port, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port);
        });
        builder.Services.AddSingleton(globals);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(DatabaseSettings.ConnectionString(globals)) { MaxPoolSize = 2, Timeout = 2, CommandTimeout = 2, MaxAutoPrepare = 0 }.ConnectionString));
        builder.Services.AddSingleton<ForumDatabase>();
        builder.Services.AddSingleton(RedisOptions.From(globals));
        builder.Services.AddSingleton<RedisClient>();
        builder.Services.AddLogging();
        var app = builder.Build();
        app.Run(AnswerAsync);
        return app;
    }

    static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/ping")
        {
            await context.Response.WriteAsync("PONG", context.RequestAborted);
            return;
        }

        if (context.Request.Path != "/metrics")
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("Not Found! The Prometheus Discourse exporter only listens on /ping and /metrics", context.RequestAborted);
            return;
        }

        var services = context.RequestServices;
        var globals = services.GetRequiredService<GlobalSettings>();
        var text = new Exposition();
        await GlobalMetrics.WriteAsync(
            text, services.GetRequiredService<ForumDatabase>(), services.GetRequiredService<RedisClient>(), globals, 0, context.RequestAborted);
        var left = await LeftByServerAsync(globals, services.GetRequiredService<TimeProvider>(), context.RequestAborted);
        context.Response.ContentType = MetricsApi.ContentType;
        await context.Response.WriteAsync(text + left, context.RequestAborted);
    }

    static async Task<string> LeftByServerAsync(GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var file = new FileInfo(MetricsFile.PathOf(globals));
        if (!file.Exists)
        {
            return "";
        }

        var text = await File.ReadAllTextAsync(file.FullName, cancellation);
        return time.GetUtcNow() - file.LastWriteTimeUtc < StaleAfter ? text : WithoutGauges(text);
    }

    static string WithoutGauges(string text)
    {
        var kept = new List<string>();
        var family = new List<string>();
        var isGauge = false;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP", StringComparison.Ordinal))
            {
                Flush();
                isGauge = false;
            }

            isGauge |= line.StartsWith("# TYPE", StringComparison.Ordinal) && line.EndsWith(" gauge", StringComparison.Ordinal);
            family.Add(line);
        }

        Flush();
        return string.Join('\n', kept) + "\n";

        void Flush()
        {
            if (!isGauge)
            {
                kept.AddRange(family);
            }

            family.Clear();
        }
    }
}
