using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Moderation;
using Forum.Sessions;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.ApiKeys;

/// <summary>Keys for scripts: /admin/api/keys. The clear key is shown once, when it is made.</summary>
static class ApiKeysApi
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/admin/api/keys").RequireAdmin();
        keys.MapGet("", ListAsync).Named("admin/api#index");
        keys.MapPost("", CreateAsync).Named("admin/api#create");
        keys.MapGet("/scopes", Scopes).Named("admin/api#scopes");
        keys.MapGet("/{id:int}", ShowAsync).Named("admin/api#show");
        keys.MapPut("/{id:int}", UpdateAsync).Named("admin/api#update");
        keys.MapDelete("/{id:int}", DeleteAsync).Named("admin/api#destroy");
        keys.MapPost("/{id:int}/revoke", RevokeAsync).Named("admin/api#revoke_key");
        keys.MapPost("/{id:int}/undo-revoke", UndoRevokeAsync).Named("admin/api#undo_revoke_key");
    }

    static async Task<IResult> ListAsync(Parameters parameters, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation)
    {
        var offset = Math.Max(0, parameters.Int("offset") ?? 0);
        var limit = Math.Clamp(parameters.Int("limit") ?? 50, 1, 50);
        var keys = await database.ListAsync($"""
            SELECT {Columns}
            FROM api_keys k
            LEFT JOIN users u ON u.id = k.user_id
            WHERE NOT k.hidden
            ORDER BY k.revoked_at DESC NULLS FIRST, k.created_at DESC, k.id DESC
            LIMIT $1 OFFSET $2
            """, JsonNode (row) => Read(row, globals), [limit, offset], cancellation);
        return Replies.Json(new JsonObject { ["keys"] = new JsonArray([.. keys]), ["offset"] = offset, ["limit"] = limit });
    }

    static async Task<IResult> CreateAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        if (!parameters.Has("key"))
        {
            throw Refused.Missing("key");
        }

        var given = parameters.Nested("key");
        int? userId = null;
        if (given.Text("username") is { Length: > 0 } username)
        {
            userId = await database.ScalarAsync<int?>("SELECT id FROM users WHERE username_lower = $1", [Usernames.Lower(username)], cancellation)
                ?? throw Refused.NotFound();
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var id = await work.ScalarAsync<int>("""
            INSERT INTO api_keys (user_id, created_by_id, description, key_hash, truncated_key, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            RETURNING id
            """, [userId, current.Id, given.Text("description"), ApiKeyCheck.Hash(key), key[..4], now], cancellation);
        foreach (var (resource, action, limits) in ReadScopes(given))
        {
            await work.ExecuteAsync("""
                INSERT INTO api_key_scopes (api_key_id, resource, action, allowed_parameters, created_at, updated_at)
                VALUES ($1, $2, $3, $4::json, $5, $5)
                """, [id, resource, action, limits, now], cancellation);
        }

        await StaffActions.LogAsync(work, StaffAction.ApiKeyCreate, current.Id, userId, now, cancellation, new StaffActionDetails { Subject = key[..4] + "...", IsAdminOnly = true });
        await work.CommitAsync(cancellation);
        var body = await FindAsync(database, id, globals, cancellation);
        body["key"] = key;
        return Replies.Json(new JsonObject { ["key"] = body });
    }

    static IResult Scopes()
    {
        var scopes = new JsonObject();
        foreach (var (resource, actions) in ApiKeyScopes.All)
        {
            scopes[resource] = new JsonArray([.. actions.Select(pair => (JsonNode)new JsonObject
            {
                ["scope_id"] = $"{resource}:{pair.Key}",
                ["key"] = pair.Key,
                ["name"] = pair.Key.Replace('_', ' '),
                ["params"] = new JsonArray(),
                ["urls"] = new JsonArray([.. pair.Value.Select(url => (JsonNode?)url)]),
            })]);
        }

        return Replies.Json(new JsonObject { ["scopes"] = scopes });
    }

    static async Task<IResult> ShowAsync(int id, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["key"] = await FindAsync(database, id, globals, cancellation) });

    static async Task<IResult> UpdateAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await database.ExecuteAsync("""
            UPDATE api_keys
            SET description = $2, updated_at = $3
            WHERE id = $1
            """, [id, parameters.Nested("key").Text("description"), now], cancellation) == 0)
        {
            throw Refused.NotFound();
        }

        await StaffActions.LogAsync(database, StaffAction.ApiKeyUpdate, current.Id, null, now, cancellation);
        return await ShowAsync(id, database, globals, cancellation);
    }

    static async Task<IResult> DeleteAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var gone = await database.ExecuteAsync("""
            WITH scopes AS (
                DELETE FROM api_key_scopes
                WHERE api_key_id = $1
            )
            DELETE FROM api_keys
            WHERE id = $1
            """, [id], cancellation);
        if (gone == 0)
        {
            throw Refused.NotFound();
        }

        await StaffActions.LogAsync(database, StaffAction.ApiKeyDestroy, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RevokeAsync(int id, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        await database.ExecuteAsync("UPDATE api_keys SET revoked_at = $2, updated_at = $2 WHERE id = $1", [id, time.GetUtcNow().UtcDateTime], cancellation);
        return await ShowAsync(id, database, globals, cancellation);
    }

    static async Task<IResult> UndoRevokeAsync(int id, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        await database.ExecuteAsync("UPDATE api_keys SET revoked_at = NULL, updated_at = $2 WHERE id = $1", [id, time.GetUtcNow().UtcDateTime], cancellation);
        return await ShowAsync(id, database, globals, cancellation);
    }

    /// <summary>Each scope is {scope_id: "topics:read", topic_id: "5,6"}.</summary>
    static IEnumerable<(string Resource, string Action, string? Limits)> ReadScopes(Parameters given)
    {
        var scopes = given.Node("scopes") switch
        {
            JsonArray array => array,
            JsonObject map => new JsonArray([.. map.Select(pair => pair.Value?.DeepClone())]),
            _ => [],
        };
        foreach (var scope in scopes.OfType<JsonObject>())
        {
            var name = ((string?)scope["scope_id"] ?? $"{scope["resource"]}:{scope["action"] ?? scope["key"]}").Split(':');
            if (name is not [var resource, var action] || !ApiKeyScopes.All.TryGetValue(resource, out var actions) || !actions.ContainsKey(action))
            {
                throw Refused.InvalidParameters("scopes");
            }

            var limits = new JsonObject();
            foreach (var (key, value) in scope.Where(pair => pair.Key is not ("scope_id" or "resource" or "action" or "key" or "id" or "name" or "urls" or "params" or "selected")))
            {
                if (value?.ToString() is { Length: > 0 } text)
                {
                    limits[key] = new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => (JsonNode?)part)]);
                }
            }

            yield return (resource, action, limits.Count > 0 ? limits.ToJsonString() : null);
        }
    }

    static async Task<JsonObject> FindAsync(ForumDatabase database, int id, GlobalSettings globals, CancellationToken cancellation) => await database.FindAsync($"""
        SELECT {Columns}
        FROM api_keys k
        LEFT JOIN users u ON u.id = k.user_id
        WHERE k.id = $1
        """, row => Read(row, globals), [id], cancellation) ?? throw Refused.NotFound();

    const string Columns = """
        k.id, k.truncated_key, k.description, k.last_used_at, k.created_at, k.updated_at, k.revoked_at, u.id, u.username, u.uploaded_avatar_id,
        (SELECT json_agg(json_build_object('id', s.id, 'resource', s.resource, 'key', s.action, 'name', s.action, 'urls', '[]'::json,
            'allowed_parameters', s.allowed_parameters) ORDER BY s.id) FROM api_key_scopes s WHERE s.api_key_id = k.id)::text
        """;

    static JsonObject Read(Npgsql.NpgsqlDataReader row, GlobalSettings globals) => new()
    {
        ["id"] = row.Int(0),
        ["truncated_key"] = row.Text(1),
        ["description"] = row.TextOrNull(2),
        ["last_used_at"] = Replies.Time(row.TimeOrNull(3)),
        ["created_at"] = Replies.Time(row.Time(4)),
        ["updated_at"] = Replies.Time(row.Time(5)),
        ["revoked_at"] = Replies.Time(row.TimeOrNull(6)),
        ["user"] = row.IntOrNull(7) is { } user
            ? new JsonObject { ["id"] = user, ["username"] = row.Text(8), ["avatar_template"] = Avatars.Template(row.Text(8), row.IntOrNull(9), globals) }
            : null,
        ["api_key_scopes"] = row.TextOrNull(10) is { } scopes ? JsonNode.Parse(scopes) : new JsonArray(),
    };
}
