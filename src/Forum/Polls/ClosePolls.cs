using Forum.Database;
using Forum.Jobs;

namespace Forum.Polls;

/// <summary>Closes polls whose time is over, so that results which wait for the end are shown.</summary>
sealed class ClosePolls(ForumDatabase database, TimeProvider time) : IScheduledJob
{
    public string Name => "close_polls";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await database.ExecuteAsync("UPDATE polls SET status = 1, updated_at = $1 WHERE status = 0 AND close_at <= $1", [now], cancellation);
    }
}
