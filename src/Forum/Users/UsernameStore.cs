using Forum.Database;
using Forum.Settings;

namespace Forum.Users;

/// <summary>Which names are free: members and groups share one namespace.</summary>
static class UsernameStore
{
    public static async Task<bool> IsTakenAsync(SqlSession sql, string username, int? exceptUserId, CancellationToken cancellation) =>
        await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM users WHERE username_lower = $1 AND ($2::int IS NULL OR id <> $2::int))
                OR EXISTS (SELECT FROM groups WHERE lower(name) = $1)
            """, [Usernames.Lower(username), exceptUserId], cancellation);

    /// <summary>A free name like the one given.</summary>
    public static async Task<string> SuggestAsync(SqlSession sql, string? nameOrEmail, SettingValues settings, CancellationToken cancellation)
    {
        var first = Usernames.Base(nameOrEmail, settings);
        var name = first;
        for (var number = 1; Usernames.IsReserved(name, settings) || await IsTakenAsync(sql, name, null, cancellation); number++)
        {
            name = Usernames.Numbered(first, number, settings);
        }

        return name;
    }
}
