using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Moderation;

namespace Forum.Users;

/// <summary>Gives a member another name that was found free; mentions and quotes follow in a job.</summary>
sealed class RenameUser(ForumDatabase database, JobQueue queue, TimeProvider time)
{
    public async Task RunAsync(int userId, string oldName, string newName, int actorId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("UPDATE users SET username = $2, username_lower = $3, updated_at = $4 WHERE id = $1", [userId, newName, Usernames.Lower(newName), now], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_search_data s
            SET search_data = setweight(to_tsvector('simple', u.username_lower), 'A') || setweight(to_tsvector('simple', coalesce(u.name, '')), 'B'), raw_data = u.username_lower
            FROM users u
            WHERE u.id = $1 AND s.user_id = u.id
            """, [userId], cancellation);
        await StaffActions.LogAsync(work, StaffAction.ChangeUsername, actorId, userId, now, cancellation, new StaffActionDetails { PreviousValue = oldName, NewValue = newName });
        await queue.EnqueueAsync(work, UpdateUsername.JobName, new JsonObject { ["user_id"] = userId, ["old_username"] = oldName, ["new_username"] = newName }, cancellation);
        await work.CommitAsync(cancellation);
    }
}
