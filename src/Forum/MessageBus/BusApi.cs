using System.Text.Json.Nodes;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.MessageBus;

/// <summary>The long poll: a client names channels and the last message it has of each, and is answered when there are more.</summary>
/// <remarks>Source: the reference on the API, "Message bus"; the protocol of the message_bus client.</remarks>
static class BusApi
{
    const int MostChannels = 200;
    const string Separator = "\r\n|\r\n";

    public static void MapMessageBus(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/message-bus/{clientId}/poll", PollAsync).AllowAnyone().WithoutCsrf().Named("message_bus#poll");

    static async Task PollAsync(
        HttpContext context, string clientId, Parameters parameters, CurrentUser current, MessageBus bus, SiteSettings settings, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (clientId.Length is < 1 or > 64)
        {
            throw Refused.InvalidParameters("client_id");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var channels = new Dictionary<string, long>();
        foreach (var name in parameters.Names.Where(name => name.StartsWith('/')).Take(MostChannels))
        {
            channels[name] = long.TryParse(parameters.Text(name), out var last) ? last : -1;
        }

        context.Response.Headers.CacheControl = "must-revalidate, private, max-age=0";
        var waits = settings.Bool("enable_long_polling") && context.Request.Query["dlp"] != "t";
        var chunked = waits && context.Request.Headers["Dont-Chunk"] != "true";
        var until = time.GetUtcNow().AddMilliseconds(settings.Int("long_polling_interval"));
        if (chunked)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.XContentTypeOptions = "nosniff";
        }
        else
        {
            context.Response.ContentType = "application/json; charset=utf-8";
        }

        try
        {
            var isFirst = true;
            while (true)
            {
                using var waiting = bus.Wait(channels.Keys);
                var messages = await CollectAsync(bus, channels, current, ending.Token);
                if (!chunked && (messages.Count > 0 || !waits))
                {
                    await context.Response.WriteAsync(messages.ToJsonString(), ending.Token);
                    return;
                }

                if (chunked && (messages.Count > 0 || isFirst))
                {
                    await WriteChunkAsync(context, messages, ending.Token);
                }

                isFirst = false;
                var rest = until - time.GetUtcNow();
                if (rest <= TimeSpan.Zero || !await OccursAsync(waiting.Published, rest, time, ending.Token))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server is going: the client is answered and polls again elsewhere.
        }

        if (chunked)
        {
            await WriteChunkAsync(context, [], context.RequestAborted);
        }
        else
        {
            await context.Response.WriteAsync("[]", context.RequestAborted);
        }
    }

    /// <summary>What is new for this client; moves its places forward.</summary>
    static async Task<JsonArray> CollectAsync(MessageBus bus, Dictionary<string, long> channels, CurrentUser current, CancellationToken cancellation)
    {
        var messages = new JsonArray();
        var status = new JsonObject();
        var asked = channels.ToArray();
        var newestOf = await bus.LastIdsAsync(channels.Keys, cancellation);
        for (var at = 0; at < asked.Length; at++)
        {
            var (channel, last) = asked[at];
            var newest = newestOf[at];
            if (last == -1 || last > newest)
            {
                status[channel] = newest;
                channels[channel] = newest;
                continue;
            }

            var after = last < -1 ? Math.Max(0, newest + last + 1) : last;
            if (after >= newest)
            {
                channels[channel] = newest;
                continue;
            }

            var isSkipped = false;
            foreach (var message in await bus.BacklogAsync(channel, after, cancellation))
            {
                if (message.Audience.Includes(current))
                {
                    messages.Add(message.Json());
                }
                else
                {
                    isSkipped = true;
                }
            }

            if (isSkipped)
            {
                status[channel] = newest;
            }

            channels[channel] = newest;
        }

        if (status.Count > 0)
        {
            messages.Add(new JsonObject { ["global_id"] = -1, ["message_id"] = -1, ["channel"] = "/__status", ["data"] = status });
        }

        return messages;
    }

    static async Task<bool> OccursAsync(Task published, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await published.WaitAsync(within, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    static async Task WriteChunkAsync(HttpContext context, JsonArray messages, CancellationToken cancellation)
    {
        var text = messages.ToJsonString().Replace(Separator, "\r\n||\r\n", StringComparison.Ordinal);
        await context.Response.WriteAsync(text + Separator, cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}
