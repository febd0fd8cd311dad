using Forum.Database;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>Personal messages that the system sends: to a member about their account or posts, or to staff.</summary>
sealed class SystemMessages(PostCreation creation, Viewers viewers)
{
    public async Task SendAsync(ForumTransaction sql, int userId, string title, string raw, CancellationToken cancellation)
    {
        var name = userId > 0 ? await sql.ScalarAsync<string>("SELECT username FROM users WHERE id = $1 AND active AND NOT staged", [userId], cancellation) : null;
        if (name is not null)
            await SendToAsync(sql, name, title, raw, cancellation);
    }

    /// <param name="sql">What the message belongs to.</param>
    /// <param name="recipient">The name of a member or a group.</param>
    /// <param name="title">Any length.</param>
    /// <param name="raw">Markdown.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task SendToAsync(ForumTransaction sql, string recipient, string title, string raw, CancellationToken cancellation) =>
        await creation.CreateAsync(sql, new NewPost
        {
            IsMessage = true,
            Subtype = "system_message",
            Title = title.Length > 255 ? title[..255] : title,
            Raw = raw,
            Recipients = [recipient],
            SkipValidations = true,
        }, await viewers.SystemAsync(cancellation), cancellation);
}
