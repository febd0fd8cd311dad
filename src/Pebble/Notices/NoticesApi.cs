using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Notices;

/// <summary>/v1/notices.</summary>
static partial class NoticesApi
{
    const int MostKeyBytes = 256;
    const int MostDataBytes = 4096;

    public static async ValueTask<Reply> ListAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var user = UserOf(request, "so cannot retrieve notices");
        var types = request.Query.List("types");
        string[] known = [.. types.Where(NoticeType.IsKnown)];
        var owner = OwnerFilter(request, user);
        if (types.Count > 0 && known.Length == 0)
        {
            // A newer client asks for types that this daemon can't have.
            return Show([]);
        }

        var filter = new NoticeFilter(owner, known, request.Query.List("keys"), After(request));
        var timeoutText = request.Query.First("timeout");
        var timeout = TimeSpan.Zero;
        if (timeoutText.Length > 0 && !GoDuration.TryParse(timeoutText, out timeout, out var error))
        {
            throw ApiError.BadRequest($"invalid timeout: {error}");
        }

        if (timeout <= TimeSpan.Zero)
        {
            return Show(daemon.Notices.List(filter));
        }

        try
        {
            return Show(await daemon.Notices.WaitAsync(filter, timeout, cancellation));
        }
        catch (OperationCanceledException)
        {
            throw ApiError.BadRequest("request canceled");
        }
    }

    public static ValueTask<Reply> GetAsync(Daemon daemon, Request request, CancellationToken _)
    {
        var user = UserOf(request, "so cannot retrieve notice");
        var id = request.Variable("id");
        var notice = daemon.Notices.Find(id) ?? throw ApiError.NotFound($"cannot find notice with ID {GoQuote.Quote(id)}");
        return notice.UserId is null || notice.UserId == user || request.Caller?.Level == AccessLevel.Admin
            ? ValueTask.FromResult(Reply.Sync(notice.Write))
            : throw new ApiError(403, $"not allowed to access notice with id {GoQuote.Quote(id)}");
    }

    public static async ValueTask<Reply> AddAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var user = UserOf(request, "so cannot create notice");
        var body = await request.ReadJsonAsync("cannot decode request body", cancellation);
        var key = body.String("key");
        if (body.String("action") is not "add" and var action)
        {
            throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}");
        }

        if (body.String("type") is not NoticeType.Custom and var type)
        {
            throw ApiError.BadRequest($"invalid type {GoQuote.Quote(type)} (can only add \"custom\" notices)");
        }

        if (!CustomKey().IsMatch(key))
        {
            throw ApiError.BadRequest($"invalid key {GoQuote.Quote(key)} (must be in \"example.com/path\" format)");
        }

        if (Encoding.UTF8.GetByteCount(key) > MostKeyBytes)
        {
            throw ApiError.BadRequest($"key must be {MostKeyBytes} bytes or less");
        }

        var repeatText = body.String("repeat-after");
        var repeatAfter = TimeSpan.Zero;
        if (repeatText.Length > 0 && !GoDuration.TryParse(repeatText, out repeatAfter, out var error))
        {
            throw ApiError.BadRequest($"invalid repeat-after: {error}");
        }

        var notice = daemon.Notices.Add(user, NoticeType.Custom, key, Data(body), repeatAfter);
        return Reply.Sync(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, notice.Number.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        });
    }

    /// <summary>A name in the form of a domain, then at least one part of a path.</summary>
    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+(/[a-z0-9]+(-[a-z0-9]+)*)+\z")]
    private static partial Regex CustomKey();

    static Reply Show(IReadOnlyList<Notice> notices) => Reply.Sync(writer =>
    {
        writer.WriteStartArray();
        foreach (var notice in notices)
        {
            notice.Write(writer);
        }

        writer.WriteEndArray();
    });

    static uint UserOf(Request request, string consequence) =>
        request.Caller?.UserId ?? throw new ApiError(403, $"cannot determine UID of request, {consequence}");

    /// <summary>Whose notices: the caller's and public ones, or for admins those of another user, or of all (null).</summary>
    static uint? OwnerFilter(Request request, uint user)
    {
        var query = request.Query;
        if (query.Has("user-id"))
        {
            RequireAdmin(request, "user-id");
            user = ParseUserId(query.List("user-id"));
        }

        if (!query.Has("users"))
        {
            return user;
        }

        RequireAdmin(request, "users");
        if (query.Has("user-id"))
        {
            throw ApiError.BadRequest("cannot use both \"users\" and \"user-id\" parameters");
        }

        return query.First("users") == "all" ? null : throw ApiError.BadRequest("invalid \"users\" filter: must be \"all\"");
    }

    static void RequireAdmin(Request request, string filter)
    {
        if (request.Caller?.Level != AccessLevel.Admin)
        {
            throw new ApiError(403, $"only admins may use the \"{filter}\" filter");
        }
    }

    static uint ParseUserId(IReadOnlyList<string> values)
    {
        const string Refusal = "invalid \"user-id\" filter: ";
        if (values.Count != 1)
        {
            throw ApiError.BadRequest(Refusal + "must only include one \"user-id\"");
        }

        if (!long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw ApiError.BadRequest($"{Refusal}strconv.ParseInt: parsing {GoQuote.Quote(values[0])}: invalid syntax");
        }

        return number is >= 0 and <= uint.MaxValue
            ? (uint)number
            : throw ApiError.BadRequest($"{Refusal}user ID is not a valid uint32: {number}");
    }

    static DateTimeOffset? After(Request request)
    {
        var text = request.Query.First("after");
        return text.Length == 0 ? null
            : GoTime.TryParse(text, out var time) ? time
            : throw ApiError.BadRequest(
                $"invalid \"after\" timestamp: parsing time {GoQuote.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoQuote.Quote(text)} as \"2006\"");
    }

    static Dictionary<string, string> Data(JsonBody body)
    {
        if (body.Find("data") is not { } data)
        {
            return [];
        }

        if (Encoding.UTF8.GetByteCount(data.GetRawText()) > MostDataBytes)
        {
            throw ApiError.BadRequest($"total size of data must be {MostDataBytes} bytes or less");
        }

        var values = new Dictionary<string, string>();
        if (data.ValueKind != JsonValueKind.Object)
        {
            throw ApiError.BadRequest($"cannot decode notice data: json: cannot unmarshal {JsonBody.GoName(data)} into Go value of type map[string]string");
        }

        foreach (var property in data.EnumerateObject())
        {
            values[property.Name] = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString()!,
                JsonValueKind.Null => "",
                _ => throw ApiError.BadRequest($"cannot decode notice data: json: cannot unmarshal {JsonBody.GoName(property.Value)} into Go value of type string"),
            };
        }

        return values;
    }
}
