using System.Security.Cryptography;
using Forum.Database;
using Forum.Pages;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Mail;

/// <summary>Links by which a member stops mails without signing in: /email/unsubscribe/KEY.</summary>
sealed class Unsubscribing(BaseUrl baseUrl)
{
    /// <param name="sql">The mail's transaction.</param>
    /// <param name="userId">Who gets the mail.</param>
    /// <param name="kind">digest, topic or all.</param>
    /// <param name="topicId">What a mail of kind topic is about.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<string> LinkAsync(SqlSession sql, int userId, string kind, int? topicId, DateTime now, CancellationToken cancellation)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await sql.ExecuteAsync("""
            INSERT INTO unsubscribe_keys (key, user_id, unsubscribe_key_type, topic_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5)
            """, [key, userId, kind, topicId, now], cancellation);
        return baseUrl.Absolute($"/email/unsubscribe/{key}");
    }
}

static class UnsubscribeApi
{
    public static void MapUnsubscribe(this IEndpointRouteBuilder app)
    {
        app.MapGet("/email/unsubscribe/{key}", ShowAsync).AllowAnyone().OpenToVisitors().Named("email#unsubscribe");
        app.MapPost("/email/unsubscribe/{key}", PerformAsync).AllowAnyone().OpenToVisitors().WithoutCsrf().Named("email#perform_unsubscribe");
        app.MapGet("/email/unsubscribed", DoneAsync).AllowAnyone().OpenToVisitors().Named("email#unsubscribed");
    }

    sealed record Key(int UserId, string Kind, int? TopicId, string? Title);

    static async Task<Key> FindAsync(SqlSession sql, string key, CancellationToken cancellation) => await sql.FindAsync("""
        SELECT k.user_id, coalesce(k.unsubscribe_key_type, 'all'), k.topic_id, t.title
        FROM unsubscribe_keys k
        LEFT JOIN topics t ON t.id = k.topic_id
        WHERE k.key = $1
        """, row => new Key(row.Int(0), row.Text(1), row.IntOrNull(2), row.TextOrNull(3)), [key], cancellation) ?? throw Refused.NotFound();

    static async Task<IResult> ShowAsync(HttpContext context, string key, ForumDatabase database, Viewers viewers, PageRenderer html, CancellationToken cancellation)
    {
        var found = await FindAsync(database, key, cancellation);
        var viewer = await viewers.OfAsync(context, cancellation);
        var forms = new List<SimpleForm>();
        if (found.TopicId is not null)
            forms.Add(new SimpleForm($"/email/unsubscribe/{key}", "POST", "/email/unsubscribed", "Stop watching this topic", [new FormField("unwatch_topic", "", "hidden", "true")]));
        if (found.Kind == "digest")
            forms.Add(new SimpleForm($"/email/unsubscribe/{key}", "POST", "/email/unsubscribed", "Stop summaries by mail", [new FormField("disable_digest_emails", "", "hidden", "true")]));
        forms.Add(new SimpleForm($"/email/unsubscribe/{key}", "POST", "/email/unsubscribed", "Stop all mail from this forum", [new FormField("unsubscribe_all", "", "hidden", "true")]));
        var frame = await html.FrameAsync(context, viewer, "Unsubscribe", withForm: true, cancellation) with { NoIndex = true };
        return PageRenderer.Page<FormView>(frame, new() { ["Heading"] = found.Title is { } title ? $"Mails about \"{title}\"" : "Mails from this forum", ["FormsOf"] = forms.ToArray() });
    }

    /// <summary>A mail program that posts nothing but List-Unsubscribe=One-Click stops what the mail was about.</summary>
    static async Task<IResult> PerformAsync(HttpContext context, string key, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var found = await FindAsync(database, key, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        var oneClick = given.Text("List-Unsubscribe") == "One-Click";
        if (found.TopicId is { } topic && (oneClick || given.Flag("unwatch_topic") || given.Flag("mute_topic")))
        {
            await database.ExecuteAsync("""
                INSERT INTO topic_users (user_id, topic_id, notification_level, notifications_reason_id, notifications_changed_at)
                VALUES ($1, $2, $3, 2, $4)
                ON CONFLICT (user_id, topic_id) DO UPDATE SET notification_level = $3, notifications_reason_id = 2, notifications_changed_at = $4
                """, [found.UserId, topic, given.Flag("mute_topic") ? 0 : 1, now], cancellation);
        }

        if (given.Flag("disable_digest_emails") || (oneClick && found.Kind == "digest"))
            await database.ExecuteAsync("UPDATE user_options SET email_digests = false, digest_after_minutes = 0 WHERE user_id = $1", [found.UserId], cancellation);
        else if (given.Int("digest_after_minutes") is { } minutes)
            await database.ExecuteAsync("UPDATE user_options SET digest_after_minutes = $2, email_digests = $2 > 0 WHERE user_id = $1", [found.UserId, minutes], cancellation);
        if (given.Flag("unsubscribe_all") || (oneClick && found.Kind == "all"))
            await database.ExecuteAsync("UPDATE user_options SET email_digests = false, email_level = 2, email_messages_level = 2, mailing_list_mode = false WHERE user_id = $1", [found.UserId], cancellation);
        return context.WantsJson() ? Replies.Success() : Results.Redirect("/email/unsubscribed");
    }

    static async Task<IResult> DoneAsync(HttpContext context, Viewers viewers, PageRenderer html, CancellationToken cancellation)
    {
        var frame = await html.FrameAsync(context, await viewers.OfAsync(context, cancellation), "Unsubscribed", false, cancellation) with { NoIndex = true };
        return PageRenderer.Page<MessageView>(frame, new() { ["Heading"] = "Your choice is saved", ["Html"] = "<p>You can change it at any time in your preferences.</p>" });
    }
}
