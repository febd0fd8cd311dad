using System.Globalization;
using System.Runtime.InteropServices;

namespace Juju.Local.Sandboxes;

/// <summary>
/// What a controller that is not root needs for users in its containers: a user namespace in which it is root itself and the
/// others are those that <c>/etc/subuid</c> and <c>/etc/subgid</c> give it, as containers without root have it everywhere.
/// </summary>
static partial class OrdinaryUser
{
    // The first argument is a folder to meet in, then the maps of users and groups, then the program that gets the namespace. Only
    // newuidmap, which is root's, may write such maps, and only once the process is there: the program waits for it.
    const string Script = """
        meet=$1/meet users=$2 groups=$3; shift 3
        rm -f "$meet"; mkfifo "$meet"
        unshare --user -- /bin/sh -c 'read -r word <"$0" && [ "$word" = go ] && exec "$@"' "$meet" "$@" &
        program=$!
        while [ "$(readlink /proc/$program/ns/user)" = "$(readlink /proc/$$/ns/user)" ]; do
            kill -0 $program && sleep 0.005 || exit 1
        done
        if newuidmap $program $users && newgidmap $program $groups; then echo go >"$meet"; else echo stop >"$meet"; exit 1; fi
        """;

    /// <summary>What is missing on this machine, with the command that brings it; null: nothing.</summary>
    public static string? FindProblem()
    {
        if (!HostCommand.Exists("newuidmap"))
        {
            return "cannot make sandboxes as an ordinary user: \"newuidmap\" is missing; run: sudo apt-get install uidmap";
        }

        var name = Environment.UserName;
        return FindRange("/etc/subuid") is null || FindRange("/etc/subgid") is null
            ? $"cannot make sandboxes as an ordinary user: /etc/subuid and /etc/subgid give \"{name}\" no 65536 ids; "
                + $"run: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {name}"
            : null;
    }

    /// <summary>What to put before a program that is to run in a new user namespace.</summary>
    /// <param name="folder">Of the container's own.</param>
    /// <param name="image">Its users and groups have ids, however high; null: those of the machine are enough.</param>
    public static IReadOnlyList<string> Wrap(string folder, string? image) =>
    [
        "/bin/sh", "-c", Script, "users", folder,
        Map(Geteuid(), FindRange("/etc/subuid")!.Value, HighIds(image, "passwd")),
        Map(Getegid(), FindRange("/etc/subgid")!.Value, HighIds(image, "group")),
    ];

    // "INSIDE OUTSIDE COUNT" three by three: root is the user, the usual ids come next, the image's high ones have the last of the range.
    static string Map(uint own, (long First, long Count) range, IReadOnlyList<long> high)
    {
        var usual = Math.Min(65_535, range.Count - high.Count);
        var words = new List<long> { 0, own, 1, 1, range.First, usual };
        for (var i = 0; i < high.Count; i++)
        {
            words.AddRange([high[i], range.First + usual + i, 1]);
        }

        return string.Join(' ', words);
    }

    // The third field of passwd and of group is the id.
    static IReadOnlyList<long> HighIds(string? image, string file)
    {
        var path = Path.Combine(image ?? "/nowhere", "etc", file);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Select(line => line.Split(':')).Where(fields => fields.Length > 2)
                .Select(fields => long.TryParse(fields[2], CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 65_000).Distinct()]
            : [];
    }

    // NAME:FIRST:COUNT or UID:FIRST:COUNT.
    static (long First, long Count)? FindRange(string file)
    {
        string[] names = [Environment.UserName, Geteuid().ToString(CultureInfo.InvariantCulture)];
        var ranges =
            from line in File.Exists(file) ? File.ReadLines(file) : []
            let fields = line.Split(':')
            where fields.Length == 3 && names.Contains(fields[0])
            select (First: long.Parse(fields[1], CultureInfo.InvariantCulture), Count: long.Parse(fields[2], CultureInfo.InvariantCulture));
        return ranges.Where(range => range.Count >= 65_536).Select(range => ((long, long)?)range).FirstOrDefault();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint Geteuid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint Getegid();
}
