using Forum.Topics;

namespace Forum.Posts;

/// <summary>What others hear of when content has changed and is committed: caches, readers on the message bus, web hooks.</summary>
sealed class ForumEvents
{
    readonly List<Func<string, Topic, Post?, Task>> _listeners = [];

    /// <summary>The event is "created", "revised", "deleted", "recovered", "liked", "unliked", "stats" …, in the message bus's words.</summary>
    public void Listen(Func<string, Topic, Post?, Task> listener) => _listeners.Add(listener);

    public Task PostCreatedAsync(Topic topic, Post post) => RaiseAsync("created", topic, post);

    public async Task RaiseAsync(string what, Topic topic, Post? post)
    {
        foreach (var listener in _listeners)
            await listener(what, topic, post);
    }
}
