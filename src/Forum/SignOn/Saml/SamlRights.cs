using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Users;

namespace Forum.SignOn.Saml;

/// <summary>Groups and rights that follow the provider's attributes.</summary>
sealed class SamlRights(ForumDatabase database, GroupSync sync, UserAdministration administration, TimeProvider time)
{
    /// <param name="before">What user_associated_accounts.extra held the time before.</param>
    public async Task SynchroniseAsync(
        int userId, IReadOnlyDictionary<string, IReadOnlyList<string>> attributes, JsonObject? before, SamlSettings saml, CancellationToken cancellation)
    {
        if (saml.Flag("sync_groups"))
        {
            await SynchroniseGroupsAsync(userId, attributes, before, saml, cancellation);
        }

        var (isAdmin, isModerator) = await database.FindAsync(
            "SELECT admin, coalesce(moderator, false) FROM users WHERE id = $1", row => (row.GetBoolean(0), row.GetBoolean(1)), [userId], cancellation);
        if (saml.Flag("sync_moderator") && Says("moderator_attribute") != isModerator)
        {
            await (isModerator ? administration.RevokeModerationAsync(userId, -1, cancellation) : administration.GrantModerationAsync(userId, -1, cancellation));
        }

        if (saml.Flag("sync_admin") && Says("admin_attribute") != isAdmin)
        {
            await (isAdmin ? administration.RevokeAdminAsync(userId, -1, cancellation) : administration.GrantAdminAsync(userId, -1, cancellation));
        }

        if (saml.Flag("sync_trust_level") && int.TryParse(First("trust_level_attribute"), CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 4)
        {
            await using var work = await database.BeginAsync(cancellation);
            await work.ExecuteAsync("UPDATE users SET trust_level = $2, manual_locked_trust_level = $2 WHERE id = $1", [userId, level], cancellation);
            await AutomaticGroups.RefreshAsync(work, userId, time.GetUtcNow().UtcDateTime, cancellation);
            await work.CommitAsync(cancellation);
        }

        string? First(string setting) => attributes.GetValueOrDefault(saml.Text(setting)) is [var value, ..] ? value : null;

        bool Says(string setting) => First(setting)?.ToLowerInvariant() is "1" or "true";
    }

    /// <summary>The groups that the provider names, in lower case.</summary>
    public static IReadOnlyList<string> Groups(IReadOnlyDictionary<string, IReadOnlyList<string>> attributes, SamlSettings saml)
    {
        var names = saml.List("groups_attribute").SelectMany(attribute => attributes.GetValueOrDefault(attribute) ?? [])
            .SelectMany(value => value.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct();
        // cn=writers,cn=groups,dc=example: what stands after each equals sign.
        return [.. saml.Flag("groups_ldap_leafcn") ? names.Select(name => name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..]) : names];
    }

    async Task SynchroniseGroupsAsync(
        int userId, IReadOnlyDictionary<string, IReadOnlyList<string>> attributes, JsonObject? before, SamlSettings saml, CancellationToken cancellation)
    {
        var named = Groups(attributes, saml);
        var byFullName = saml.Flag("groups_use_full_name");
        if (saml.Flag("groups_fullsync"))
        {
            var has = await sync.OfAsync(userId, byFullName, cancellation);
            await sync.ApplyAsync(userId, [.. named.Except(has)], [.. has.Except(named)], byFullName, cancellation);
            return;
        }

        var add = Listed("groups_to_add").Concat(named).ToList();
        var past = saml.List("groups_attribute").SelectMany(attribute => before?["raw_info"]?[attribute] as JsonArray ?? [])
            .SelectMany(value => (value?.ToString() ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries));
        var remove = Listed("groups_to_remove").Concat(past.Except(named)).ToList();
        if (saml.List("sync_groups_list") is { Count: > 0 } list)
        {
            // Only these groups are the provider's to give; one that it does not name is taken.
            var allowed = list.Select(name => name.ToLowerInvariant()).ToArray();
            add = [.. allowed.Intersect(add)];
            var gone = allowed.Except(add).ToList();
            remove = remove.Count > 0 ? [.. gone.Intersect(remove)] : gone;
        }

        await sync.ApplyAsync(userId, add, remove, byFullName, cancellation);

        IEnumerable<string> Listed(string name) => (attributes.GetValueOrDefault(name) ?? [])
            .SelectMany(value => value.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
