using Pebble.Formats;
using Pebble.Processes;

namespace Pebble.Api;

/// <summary>Finds the route of a request, asks whether the caller may use it, and turns refusals into replies.</summary>
sealed class Router(Daemon daemon, IReadOnlyList<Route> routes)
{
    readonly uint daemonUser = Libc.getuid();

    public async ValueTask<Reply> AnswerAsync(Request request, ClientWatch watch, CancellationToken cancellation)
    {
        var began = daemon.Clock.GetTimestamp();
        Reply reply;
        try
        {
            reply = await DispatchAsync(request, watch, cancellation);
        }
        catch (ApiError e)
        {
            reply = Reply.Error(e);
        }
        catch (IOException e) when (!cancellation.IsCancellationRequested)
        {
            reply = Reply.Error(ApiError.BadRequest($"cannot read request body: {e.Message}"));
        }

        if (reply is JsonReply json)
        {
            reply = json with
            {
                Maintenance = daemon.Restarts.Maintenance,
                LatestWarning = json.Type == "error" ? null : daemon.LatestWarning?.Invoke(),
            };
        }

        Log(request, reply, began);
        return reply;
    }

    async ValueTask<Reply> DispatchAsync(Request request, ClientWatch watch, CancellationToken cancellation)
    {
        if (CleanPath(request.Path) is { } clean && clean != request.Path)
        {
            return new RedirectReply(clean + request.Target[(request.Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : request.Target.Length)..]);
        }

        var route = Find(request) ?? throw ApiError.NotFound("invalid API endpoint requested");
        var (handler, access) = request.Method switch
        {
            "GET" => (route.Get, route.Read),
            "POST" => (route.Post, route.Write),
            _ => (null, Access.Admin),
        };
        if (handler is null)
        {
            throw new ApiError(405, $"method {GoQuote.Quote(request.Method)} not allowed");
        }

        if (access != Access.Open)
        {
            request.Caller = daemon.FindCaller?.Invoke(request);
        }

        request.Caller ??= AccessRules.OfPeer(request.Peer, daemonUser);
        if (!access.Allows(request.Caller, request.Transport))
        {
            if (request.Caller is { } caller)
            {
                var name = SecurityLog.NameOf(caller);
                SecurityLog.Critical("authz_fail", $"{name},{request.Path}", $"User {name} not authorized to access {request.Path}");
            }

            throw ApiError.Unauthorized();
        }

        if (request.Method != "GET" || !route.IsQuick)
        {
            // Away from the thread that serves the sockets: this may take its time.
            await Task.Yield();
        }

        if (route.Waits)
        {
            watch.Start();
        }

        var reply = await handler(daemon, request, cancellation);
        if (request.Method != "GET" || !route.IsStateless)
        {
            await daemon.State.SavedAsync(CancellationToken.None);
        }

        return reply;
    }

    /// <summary>Without empty, "." and ".." elements; a slash at the end stays.</summary>
    static string CleanPath(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        List<string> elements = [];
        foreach (var element in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (element)
            {
                case ".":
                    break;
                case "..":
                    elements.RemoveRange(Math.Max(0, elements.Count - 1), Math.Min(1, elements.Count));
                    break;
                default:
                    elements.Add(element);
                    break;
            }
        }

        var clean = "/" + string.Join('/', elements);
        return path.EndsWith('/') && clean.Length > 1 ? clean + "/" : clean;
    }

    Route? Find(Request request)
    {
        var path = request.Path.Split('/');
        foreach (var route in routes)
        {
            if (route.Match(path) is { } variables)
            {
                request.Variables = variables;
                return route;
            }
        }

        return null;
    }

    void Log(Request request, Reply reply, long began)
    {
        // Not what is polled all the time: health, system-info and single changes.
        if (request.Method == "GET" && (request.Path is "/v1/system-info" or "/v1/health"
            || (request.Path.StartsWith("/v1/changes/", StringComparison.Ordinal) && request.Path.Count(each => each == '/') == 3)))
        {
            return;
        }

        var status = reply switch
        {
            JsonReply json => json.Status,
            WebSocketReply => 101,
            StreamReply streamed => streamed.Status,
            RedirectReply => 301,
            _ => 200,
        };
        var transport = request.Transport switch
        {
            Transport.UnixSocket => "http+unix",
            Transport.Http => "http",
            _ => "https",
        };
        Logger.Notice($"{request.Method} {request.Target} {GoDuration.Format(daemon.Clock.GetElapsedTime(began))} {status} ({transport})");
    }
}
