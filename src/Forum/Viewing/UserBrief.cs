using System.Text.Json.Nodes;
using Forum.Database;
using Npgsql;

namespace Forum.Viewing;

/// <summary>A user as topics, posts and lists mention them.</summary>
sealed record UserBrief(int Id, string Username, string? Name, int? AvatarId)
{
    /// <summary>Someone whose account is gone.</summary>
    public static readonly UserBrief Gone = new(0, "system", null, null);

    public static UserBrief Read(NpgsqlDataReader row, int at) =>
        row.IsDBNull(at) ? Gone : new(row.Int(at), row.Text(at + 1), row.TextOrNull(at + 2), row.IntOrNull(at + 3));

    public JsonObject Json(string host) => new()
    {
        ["id"] = Id,
        ["username"] = Username,
        ["name"] = Name ?? "",
        ["avatar_template"] = Avatars.Template(Username, AvatarId, host),
    };
}

static class UserBriefs
{
    public static async Task<Dictionary<int, UserBrief>> LoadAsync(SqlSession sql, IEnumerable<int> ids, CancellationToken cancellation)
    {
        var wanted = ids.Distinct().ToArray();
        if (wanted.Length == 0)
            return [];
        return (await sql.ListAsync("""
            SELECT id, username, name, uploaded_avatar_id
            FROM users
            WHERE id = ANY($1)
            """, row => UserBrief.Read(row, 0), [wanted], cancellation)).ToDictionary(user => user.Id);
    }
}
