using Forum.Database;
using Forum.Redis;
using Forum.Web;
using Npgsql;

namespace Forum.Status;

/// <summary>/srv/status: what the charm's check and a load balancer ask.</summary>
static class StatusApi
{
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/srv/status", StatusAsync).AllowAnyone().OpenToVisitors().Named("forums#status");

    static async Task StatusAsync(HttpContext context, ForumDatabase database, RedisClient redis, IHostApplicationLifetime lifetime)
    {
        var (status, text) = lifetime.ApplicationStopping.IsCancellationRequested ? (500, "shutting down") : (200, "ok");
        if (status == 200)
        {
            try
            {
                await database.ScalarAsync<int>("SELECT 1", [], context.RequestAborted);
                await redis.SendAsync(["PING"], context.RequestAborted);
            }
            catch (NpgsqlException)
            {
                (status, text) = (500, "the database cannot be reached");
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
            {
                (status, text) = (500, "the cache cannot be reached");
            }
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
