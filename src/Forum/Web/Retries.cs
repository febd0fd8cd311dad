using Forum.Database;
using Npgsql;

namespace Forum.Web;

/// <summary>What a request read was changed by another before it could act on it. The request may be done again.</summary>
sealed class ChangedMeanwhileException() : Exception("Someone else changed this at the same time. Please try again.");

/// <summary>
/// Does a request again that lost to another which changed the same rows: PostgreSQL ended it as the victim of a deadlock, or what
/// it read no longer held. Nothing of the first attempt remains, for its transaction was undone.
/// </summary>
sealed class Retries(RequestDelegate next)
{
    const int MostAttempts = 10;

    public async Task InvokeAsync(HttpContext context)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await next(context);
                return;
            }
            catch (Exception e) when (IsConflict(e) && attempt < MostAttempts && !context.Response.HasStarted && RequestCosts.Current?.HasCommitted != true)
            {
                // A random wait lets the other finish, and two that met do not meet again.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * attempt)), context.RequestServices.GetRequiredService<TimeProvider>(), context.RequestAborted);
            }
        }
    }

    public static bool IsConflict(Exception e) => e is ChangedMeanwhileException
        or PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "index_posts_on_topic_id_and_post_number" };
}
