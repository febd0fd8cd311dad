using System.Globalization;

namespace Pebble.Accounts;

/// <summary>A line of /etc/passwd.</summary>
sealed record UserAccount(string Name, int UserId, int GroupId, string Home);

/// <summary>A line of /etc/group.</summary>
sealed record GroupAccount(string Name, int GroupId, IReadOnlyList<string> Members);

/// <summary>
/// Users and groups by name and id, read from the files themselves as the statically linked Go program does: a container
/// has no other source of them, and it works without the C library's plug-ins.
/// </summary>
static class AccountFiles
{
    const string UsersFile = "/etc/passwd";
    const string GroupsFile = "/etc/group";

    public static UserAccount? FindUser(string name) => Users().FirstOrDefault(user => user.Name == name);

    public static UserAccount? FindUser(int id) => Users().FirstOrDefault(user => user.UserId == id);

    public static GroupAccount? FindGroup(string name) => Groups().FirstOrDefault(group => group.Name == name);

    public static GroupAccount? FindGroup(int id) => Groups().FirstOrDefault(group => group.GroupId == id);

    /// <summary>The groups that list the user as a member.</summary>
    public static IReadOnlyList<int> GroupsOf(string user) =>
        [.. Groups().Where(group => group.Members.Contains(user)).Select(group => group.GroupId)];

    static IEnumerable<UserAccount> Users()
    {
        foreach (var fields in Lines(UsersFile))
        {
            if (fields.Length >= 6 && TryId(fields[2], out var user) && TryId(fields[3], out var group))
            {
                yield return new UserAccount(fields[0], user, group, fields[5]);
            }
        }
    }

    static IEnumerable<GroupAccount> Groups()
    {
        foreach (var fields in Lines(GroupsFile))
        {
            if (fields.Length >= 4 && TryId(fields[2], out var group))
            {
                yield return new GroupAccount(fields[0], group, fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    static IEnumerable<string[]> Lines(string path) =>
        File.Exists(path) ? File.ReadLines(path).Where(line => !line.StartsWith('#')).Select(line => line.Split(':')) : [];

    static bool TryId(string text, out int id) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
