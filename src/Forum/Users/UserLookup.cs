using Forum.Database;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Users;

/// <summary>Finds the member that a path names.</summary>
static class UserLookup
{
    /// <exception cref="RefusedException">404: nobody, or not active and the viewer is not staff.</exception>
    public static async Task<int> GetAsync(SqlSession sql, string username, CurrentUser viewer, CancellationToken cancellation) => await sql.ScalarAsync<int?>("""
        SELECT id
        FROM users
        WHERE username_lower = $1 AND (active OR id = $2 OR $3)
        """, [Usernames.Lower(username), viewer.Id, viewer.IsStaff], cancellation) ?? throw Refused.NotFound();

    /// <summary>Someone whom the viewer may change: themself, or anyone for staff (admins only by admins).</summary>
    public static async Task<int> EditableAsync(SqlSession sql, string username, CurrentUser viewer, CancellationToken cancellation)
    {
        var id = await GetAsync(sql, username, viewer, cancellation);
        if (id == viewer.Id)
        {
            return id;
        }

        var isAdmin = await sql.ScalarAsync<bool>("SELECT admin FROM users WHERE id = $1", [id], cancellation);
        return viewer.IsAdmin || (viewer.IsStaff && !isAdmin) ? id : throw Refused.InvalidAccess();
    }
}
