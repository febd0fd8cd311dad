using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.MessageBus;
using Forum.Posts;
using Forum.RateLimits;
using Forum.Redis;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Presence;

/// <summary>Who is writing a reply to a topic, or editing a post, at this moment: /presence/get and /presence/update, and messages on /presence/CHANNEL.</summary>
/// <remarks>Source: upstream's presence_controller and lib/presence_channel; the channels are those of its discourse-presence.</remarks>
static class PresenceApi
{
    const int MostChannels = 50;
    const string Reply = "/discourse-presence/reply/";
    const string Whisper = "/discourse-presence/whisper/";
    const string Edit = "/discourse-presence/edit/";

    public static void MapPresence(this IEndpointRouteBuilder app)
    {
        app.MapGet("/presence/get", GetAsync).AllowAnyone().Named("presence#get");
        app.MapPost("/presence/update", UpdateAsync).RequireLogin().Named("presence#update");
    }

    static async Task<IResult> GetAsync(
        HttpContext context, Parameters given, Viewers viewers, PresenceStore store, ForumDatabase database, MessageBus.MessageBus bus, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await EnabledAsync(context, viewers, cancellation);
        var channels = Channels(given, "channels");
        var body = new JsonObject();
        foreach (var channel in channels)
        {
            if (await AudienceAsync(context, channel, viewer, cancellation) is not { } audience)
            {
                body[channel] = null;
                continue;
            }

            var last = await bus.LastIdOrZeroAsync("/presence" + channel, cancellation);
            var present = await TryAsync(() => store.LookAsync(channel, cancellation));
            await PublishAsync(channel, present, audience, database, bus, baseUrl, cancellation);
            body[channel] = new JsonObject { ["users"] = await UsersAsync(database, present.After, baseUrl, cancellation), ["last_message_id"] = last };
        }

        return Replies.Json(body);
    }

    static async Task<IResult> UpdateAsync(
        HttpContext context, Parameters given, Viewers viewers, PresenceStore store, ForumDatabase database, MessageBus.MessageBus bus, BaseUrl baseUrl, RateLimiter limiter,
        CancellationToken cancellation)
    {
        var viewer = await EnabledAsync(context, viewers, cancellation);
        var client = given.Required("client_id");
        if (client.Length > 64 || client.Any(char.IsWhiteSpace))
            throw Refused.InvalidParameters("client_id");
        await limiter.PerformAsync($"update-presence-{viewer.User.Id}", 20, TimeSpan.FromSeconds(10), cancellation);
        var (entered, left) = (Channels(given, "present_channels"), Channels(given, "leave_channels"));
        if (entered.Length + left.Length > MostChannels)
            throw Refused.InvalidParameters("present_channels");
        var body = new JsonObject();
        foreach (var channel in left)
        {
            var change = await TryAsync(() => store.LeaveAsync(channel, viewer.User.Id, client, cancellation));
            if (await AudienceAsync(context, channel, viewer, cancellation) is { } audience)
                await PublishAsync(channel, change, audience, database, bus, baseUrl, cancellation);
        }

        foreach (var channel in entered)
        {
            var audience = await AudienceAsync(context, channel, viewer, cancellation);
            body[channel] = audience is not null;
            if (audience is not null)
                await PublishAsync(channel, await TryAsync(() => store.EnterAsync(channel, viewer.User.Id, client, cancellation)), audience, database, bus, baseUrl, cancellation);
        }

        return Replies.Json(body);
    }

    static async Task<Viewer> EnabledAsync(HttpContext context, Viewers viewers, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        return viewer.Settings.Bool("presence_enabled") ? viewer : throw Refused.NotFound();
    }

    static string[] Channels(Parameters given, string name)
    {
        var channels = (given.List(name) ?? []).Distinct(StringComparer.Ordinal).ToArray();
        return channels.Length > MostChannels ? throw Refused.InvalidParameters(name) : channels;
    }

    /// <summary>Who hears of a channel; null when the viewer may not be in it, or there is no such channel.</summary>
    static async Task<BusAudience?> AudienceAsync(HttpContext context, string channel, Viewer viewer, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var prefix = new[] { Reply, Whisper, Edit }.FirstOrDefault(prefix => channel.StartsWith(prefix, StringComparison.Ordinal));
        if (prefix is null || !int.TryParse(channel[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return null;
        var post = prefix == Edit ? await services.GetRequiredService<PostStore>().FindAsync(id, cancellation) : null;
        if (prefix == Edit && post is null)
            return null;
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post?.TopicId ?? id, viewer.User.Id, cancellation);
        if (topic is null || !TopicPermissions.CanSee(viewer, topic) || (prefix == Whisper && !viewer.CanSeeWhispers) || (post is not null && !PostPermissions.CanEdit(viewer, topic, post)))
            return null;
        if (prefix == Whisper)
            return new BusAudience { GroupIds = [.. viewer.Settings.Ids("whispers_allowed_groups")] };
        return await services.GetRequiredService<ContentMessages>().AudienceAsync(topic, cancellation);
    }

    static async Task PublishAsync(string channel, PresenceChange change, BusAudience audience, ForumDatabase database, MessageBus.MessageBus bus, BaseUrl baseUrl, CancellationToken cancellation)
    {
        int[] entering = [.. change.After.Except(change.Before)];
        int[] leaving = [.. change.Before.Except(change.After)];
        if (entering.Length > 0)
            await bus.PublishAsync("/presence" + channel, new JsonObject { ["entering_users"] = await UsersAsync(database, entering, baseUrl, cancellation) }, audience, cancellation);
        if (leaving.Length > 0)
            await bus.PublishAsync("/presence" + channel, new JsonObject { ["leaving_user_ids"] = leaving.ToJsonArray() }, audience, cancellation);
    }

    /// <summary>But for those who hide that they are there.</summary>
    static async Task<JsonArray> UsersAsync(ForumDatabase database, IEnumerable<int> ids, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var users = await database.ListAsync("""
            SELECT u.id, u.username, u.name, u.uploaded_avatar_id
            FROM users u
            LEFT JOIN user_options o ON o.user_id = u.id
            WHERE u.id = ANY($1) AND NOT coalesce(o.hide_profile_and_presence, false)
            ORDER BY u.username_lower
            """, row => UserBrief.Read(row, 0), [ids.ToArray()], cancellation);
        return users.Select(user => (JsonNode?)user.Json(baseUrl.Host)).ToJsonArray();
    }

    static async Task<PresenceChange> TryAsync(Func<Task<PresenceChange>> change)
    {
        try
        {
            return await change();
        }
        catch (RedisUnavailableException)
        {
            throw Refused.Unavailable("Who is present is not known while Redis is away.");
        }
    }
}
