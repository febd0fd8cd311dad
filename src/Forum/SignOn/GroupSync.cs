using Forum.Database;
using Forum.Groups;

namespace Forum.SignOn;

/// <summary>Puts a member into groups and takes them out of others because a provider says so; automatic groups are nobody's to give.</summary>
sealed class GroupSync(ForumDatabase database, GroupMembers members)
{
    /// <param name="byFullName">Compare with the group's full name instead of its name.</param>
    public async Task ApplyAsync(int userId, IReadOnlyCollection<string> add, IReadOnlyCollection<string> remove, bool byFullName, CancellationToken cancellation)
    {
        if (add.Count == 0 && remove.Count == 0)
        {
            return;
        }

        await using var work = await database.BeginAsync(cancellation);
        foreach (var group in await IdsAsync(work, add, byFullName, cancellation))
        {
            await members.AddAsync(work, group, [userId], -1, cancellation);
        }

        foreach (var group in await IdsAsync(work, remove, byFullName, cancellation))
        {
            await members.RemoveAsync(work, group, [userId], -1, cancellation);
        }

        await work.CommitAsync(cancellation);
    }

    /// <summary>The groups that a member is in, but for automatic ones; in lower case.</summary>
    public Task<List<string>> OfAsync(int userId, bool byFullName, CancellationToken cancellation) => database.ListAsync("""
        SELECT lower(CASE WHEN $2 THEN coalesce(g.full_name, '') ELSE g.name END)
        FROM group_users gu
        JOIN groups g ON g.id = gu.group_id
        WHERE gu.user_id = $1 AND NOT g.automatic
        """, row => row.GetString(0), [userId, byFullName], cancellation);

    static Task<List<int>> IdsAsync(SqlSession sql, IEnumerable<string> names, bool byFullName, CancellationToken cancellation) => sql.ListAsync("""
        SELECT id
        FROM groups
        WHERE NOT automatic AND lower(CASE WHEN $2 THEN full_name ELSE name END) = ANY($1)
        """, row => row.GetInt32(0), [names.Select(name => name.ToLowerInvariant()).ToArray(), byFullName], cancellation);
}
