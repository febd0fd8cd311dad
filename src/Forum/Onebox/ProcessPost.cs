using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Posts;
using Forum.Sessions;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Onebox;

/// <summary>Fetches the previews that a post waits for, and makes its HTML anew with them.</summary>
sealed class ProcessPost(ForumDatabase database, Previews previews, PostFlags flags, Viewers viewers) : IJob
{
    public const string JobName = "process_post";

    public string Name => JobName;

    public async Task RunAsync(JsonObject arguments, CancellationToken cancellation)
    {
        if (await PostStore.FindAsync(database, (int)arguments["post_id"]!, cancellation) is not { } post || await TopicStore.FindAsync(database, post.TopicId, -1, cancellation) is not { } topic)
        {
            return;
        }

        var isAny = false;
        foreach (var address in arguments["addresses"]!.AsArray())
        {
            isAny |= await previews.GetAsync(database, (string)address!, cancellation) is not null;
        }

        if (!isAny)
        {
            return;
        }

        // Cooked as its author's, since what links carry depends on who wrote them.
        var author = await database.FindAsync($"SELECT {CurrentUser.Columns} FROM users u WHERE u.id = $1", CurrentUser.Read, [post.UserId], cancellation);
        await flags.RebakeAsync(post, topic, await viewers.AsAsync(author ?? Viewers.System, cancellation), cancellation);
    }
}
