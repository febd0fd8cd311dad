using System.Net;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>Addresses that may not sign up, or always may: /admin/logs/screened_emails, screened_ip_addresses, screened_urls.</summary>
static class ScreenedApi
{
    /// <summary>The names of action_type, which begins at 1.</summary>
    static readonly string[] Actions = ["block", "do_nothing", "allow_admin"];

    public static void MapScreened(this IEndpointRouteBuilder routes)
    {
        var logs = routes.MapGroup("/admin/logs").RequireStaff();
        logs.MapGet("/screened_emails", EmailsAsync).Named("admin/screened_emails#index");
        logs.MapDelete("/screened_emails/{id:int}", DeleteEmailAsync).Named("admin/screened_emails#destroy");
        logs.MapGet("/screened_urls", UrlsAsync).Named("admin/screened_urls#index");
        logs.MapGet("/screened_ip_addresses", AddressesAsync).Named("admin/screened_ip_addresses#index");
        logs.MapPost("/screened_ip_addresses", AddAddressAsync).Named("admin/screened_ip_addresses#create");
        logs.MapPut("/screened_ip_addresses/{id:int}", UpdateAddressAsync).Named("admin/screened_ip_addresses#update");
        logs.MapDelete("/screened_ip_addresses/{id:int}", DeleteAddressAsync).Named("admin/screened_ip_addresses#destroy");
    }

    static string ActionName(int type) => type is >= 1 and <= 3 ? Actions[type - 1] : "block";

    static async Task<IResult> EmailsAsync(CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var rows = await database.ListAsync("""
            SELECT id, email, action_type, match_count, last_match_at, created_at, host(ip_address)
            FROM screened_emails
            ORDER BY last_match_at DESC NULLS LAST, id DESC
            LIMIT 200
            """, row => (JsonNode?)new JsonObject
        {
            ["id"] = row.Int(0),
            ["email"] = row.Text(1),
            ["action"] = ActionName(row.Int(2)),
            ["match_count"] = row.Int(3),
            ["last_match_at"] = JsonParts.Time(row.TimeOrNull(4)),
            ["created_at"] = JsonParts.Time(row.Time(5)),
            ["ip_address"] = current.IsAdmin ? row.TextOrNull(6) : null,
        }, [], cancellation);
        return Replies.Json(rows.ToJsonArray());
    }

    static async Task<IResult> DeleteEmailAsync(int id, ForumDatabase database, CancellationToken cancellation) =>
        await database.ExecuteAsync("DELETE FROM screened_emails WHERE id = $1", [id], cancellation) > 0 ? Replies.Success() : throw Refused.NotFound();

    static async Task<IResult> UrlsAsync(Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var rows = await database.ListAsync("""
            SELECT url, domain, action_type, sum(match_count) OVER (PARTITION BY CASE WHEN $1 THEN domain ELSE url END)::int, last_match_at, created_at,
                row_number() OVER (PARTITION BY CASE WHEN $1 THEN domain ELSE url END ORDER BY last_match_at DESC NULLS LAST)
            FROM screened_urls
            ORDER BY last_match_at DESC NULLS LAST, id DESC
            LIMIT 200
            """, row => (First: row.Long(6) == 1, Json: new JsonObject
        {
            ["url"] = row.Text(0),
            ["domain"] = row.Text(1),
            ["action"] = ActionName(row.Int(2)),
            ["match_count"] = row.Int(3),
            ["last_match_at"] = JsonParts.Time(row.TimeOrNull(4)),
            ["created_at"] = JsonParts.Time(row.Time(5)),
        }), [given.Text("group_by") != "none" && given.Has("group_by")], cancellation);
        return Replies.Json(rows.Where(row => row.First).Select(row => (JsonNode?)row.Json).ToJsonArray());
    }

    static JsonObject Address(Npgsql.NpgsqlDataReader row) => new()
    {
        ["id"] = row.Int(0),
        ["ip_address"] = row.Text(1),
        ["action_name"] = ActionName(row.Int(2)),
        ["match_count"] = row.Int(3),
        ["last_match_at"] = JsonParts.Time(row.TimeOrNull(4)),
        ["created_at"] = JsonParts.Time(row.Time(5)),
    };

    static async Task<IResult> AddressesAsync(Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var rows = await database.ListAsync("""
            SELECT id, CASE WHEN masklen(ip_address) IN (32, 128) THEN host(ip_address) ELSE ip_address::text END, action_type, match_count, last_match_at, created_at
            FROM screened_ip_addresses
            WHERE $1::text IS NULL OR ip_address >>= $1::inet OR ip_address <<= $1::inet
            ORDER BY match_count DESC, id
            LIMIT 200
            """, row => (JsonNode?)Address(row), [given.Text("filter") is { Length: > 0 } filter ? Parse(filter) : null], cancellation);
        return Replies.Json(rows.ToJsonArray());
    }

    /// <summary>An address, a network such as 10.0.0.0/8, or one with stars such as 10.0.*.*.</summary>
    static string Parse(string text)
    {
        var stars = text.Count(c => c == '*');
        var network = stars > 0 && text.Split('.').Length == 4 ? $"{text.Replace('*', '0')}/{32 - 8 * stars}" : text.Trim();
        return IPNetwork.TryParse(network, out _) || IPAddress.TryParse(network, out _) ? network : throw Refused.Invalid("Ip address is invalid");
    }

    static int TypeOf(Parameters given) => given.Text("action_name") is { Length: > 0 } name
        ? Array.IndexOf(Actions, name) is >= 0 and var at ? at + 1 : throw Refused.InvalidParameters("action_name")
        : 1;

    static async Task<IResult> AddAddressAsync(Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var made = await database.FindAsync("""
            INSERT INTO screened_ip_addresses (ip_address, action_type, created_at, updated_at)
            VALUES ($1::inet, $2, $3, $3)
            ON CONFLICT (ip_address) DO NOTHING
            RETURNING id, CASE WHEN masklen(ip_address) IN (32, 128) THEN host(ip_address) ELSE ip_address::text END, action_type, match_count, last_match_at, created_at
            """, Address, [Parse(given.Required("ip_address")), TypeOf(given), time.GetUtcNow().UtcDateTime], cancellation);
        return made is null ? throw Refused.Invalid("Ip address has already been taken") : Replies.Json(new JsonObject { ["success"] = "OK", ["screened_ip_address"] = made });
    }

    static async Task<IResult> UpdateAddressAsync(int id, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var changed = await database.ExecuteAsync("""
            UPDATE screened_ip_addresses
            SET ip_address = coalesce($2::inet, ip_address), action_type = CASE WHEN $3 THEN $4 ELSE action_type END, updated_at = $5
            WHERE id = $1
            """, [id, given.Text("ip_address") is { Length: > 0 } address ? Parse(address) : null, given.Has("action_name"), TypeOf(given), time.GetUtcNow().UtcDateTime], cancellation);
        return changed > 0 ? Replies.Success() : throw Refused.NotFound();
    }

    static async Task<IResult> DeleteAddressAsync(int id, ForumDatabase database, CancellationToken cancellation) =>
        await database.ExecuteAsync("DELETE FROM screened_ip_addresses WHERE id = $1", [id], cancellation) > 0 ? Replies.Success() : throw Refused.NotFound();
}
