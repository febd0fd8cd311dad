using Pebble.Formats;

namespace Pebble.Accounts;

/// <summary>A user and a group by number.</summary>
readonly record struct Ownership(int UserId, int GroupId)
{
    /// <summary>
    /// What a request or a layer names: by id, by name, or both, which must then agree. Null if nothing is given.
    /// Without a group it is the user's own.
    /// </summary>
    /// <exception cref="AccountException">There is no such user or group, or name and id disagree.</exception>
    public static Ownership? Of(long? userId, string user, long? groupId, string group)
    {
        if (userId is null && user.Length == 0 && groupId is null && group.Length == 0)
        {
            return null;
        }

        if (user.Length > 0)
        {
            var found = AccountFiles.FindUser(user) ?? throw new AccountException($"user: unknown user {user}");
            if (userId is { } wanted && wanted != found.UserId)
            {
                throw new AccountException($"user {GoQuote.Quote(user)} UID ({found.UserId}) does not match user-id ({wanted})");
            }

            userId = found.UserId;
        }

        if (group.Length > 0)
        {
            var found = AccountFiles.FindGroup(group) ?? throw new AccountException($"group: unknown group {group}");
            if (groupId is { } wanted && wanted != found.GroupId)
            {
                throw new AccountException($"group {GoQuote.Quote(group)} GID ({found.GroupId}) does not match group-id ({wanted})");
            }

            groupId = found.GroupId;
        }

        if (userId is not { } owner)
        {
            throw new AccountException("must specify user, not just group");
        }

        groupId ??= (AccountFiles.FindUser((int)owner) ?? throw new AccountException($"user: unknown userid {owner}")).GroupId;
        return new Ownership((int)owner, (int)groupId);
    }
}

/// <summary>There is no such user or group, or a name and an id disagree.</summary>
sealed class AccountException(string message) : Exception(message);
