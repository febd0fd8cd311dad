using System.Globalization;
using Pebble.Formats;

namespace Pebble.Processes;

/// <summary>An entry of /etc/passwd.</summary>
sealed record Account(string Name, uint UserId, uint GroupId, string Home);

/// <summary>User and group of a process to be.</summary>
readonly record struct Identity(uint UserId, uint GroupId);

/// <summary>Users and groups of the machine, from /etc/passwd and /etc/group, as a static Go program reads them.</summary>
static class Accounts
{
    const string Users = "/etc/passwd";
    const string Groups = "/etc/group";

    public static Account? Find(string name) => Read(Users).Where(each => each[0] == name).Select(ToAccount).FirstOrDefault();

    public static Account? Find(uint userId) =>
        Read(Users).Where(each => each.Length > 2 && each[2] == Text(userId)).Select(ToAccount).FirstOrDefault();

    public static uint? FindGroup(string name) =>
        Read(Groups).Where(each => each[0] == name && each.Length > 2).Select(each => (uint?)Number(each[2])).FirstOrDefault();

    public static string? GroupName(uint groupId) =>
        Read(Groups).Where(each => each.Length > 2 && each[2] == Text(groupId)).Select(each => each[0]).FirstOrDefault();

    /// <summary>Resolves what was given of user and group; null when nothing was.</summary>
    public static bool TryNormalize(int? userId, string user, int? groupId, string group, out Identity? identity, out string error)
    {
        identity = null;
        error = "";
        try
        {
            identity = Normalize(userId, user, groupId, group);
            return true;
        }
        catch (ArgumentException e)
        {
            error = e.Message;
            return false;
        }
    }

    /// <exception cref="ArgumentException">There is no such user or group, or name and number do not fit.</exception>
    public static Identity? Normalize(int? userId, string user, int? groupId, string group)
    {
        if (userId is null && user.Length == 0 && groupId is null && group.Length == 0)
        {
            return null;
        }

        Account? account = null;
        if (user.Length > 0)
        {
            account = Find(user) ?? throw new ArgumentException($"user: unknown user {user}");
            Require(userId is null || userId == account.UserId, $"user {GoQuote.Quote(user)} UID ({account.UserId}) does not match user-id ({userId})");
            userId = (int)account.UserId;
        }

        if (group.Length > 0)
        {
            var found = FindGroup(group) ?? throw new ArgumentException($"group: unknown group {group}");
            Require(groupId is null || groupId == found, $"group {GoQuote.Quote(group)} GID ({found}) does not match group-id ({groupId})");
            groupId = (int)found;
        }

        if (groupId is null)
        {
            account ??= Find((uint)userId!.Value) ?? throw new ArgumentException($"user: unknown userid {userId}");
            groupId = (int)account.GroupId;
        }

        Require(userId is not null, "must specify user, not just group");
        return new Identity((uint)userId!.Value, (uint)groupId.Value);
    }

    static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }

    static IEnumerable<string[]> Read(string file)
    {
        try
        {
            return File.ReadLines(file).Select(line => line.Split(':')).Where(each => each.Length > 1);
        }
        catch (IOException)
        {
            return [];
        }
    }

    static Account ToAccount(string[] fields) => new(fields[0], Number(fields[2]), Number(fields[3]), fields.Length > 5 ? fields[5] : "/");

    static uint Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
