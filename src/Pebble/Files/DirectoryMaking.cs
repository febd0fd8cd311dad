using Pebble.Api;
using Pebble.Processes;

namespace Pebble.Files;

/// <summary>action=make-dirs, and the directories above a written file.</summary>
static class DirectoryMaking
{
    const uint DefaultMode = 0x1ED;

    // Two requests that make /a/b and /a/c must not both find /a missing.
    static readonly Lock Making = new();

    public static void Make(JsonBody item)
    {
        var path = item.String("path");
        if (!GoPath.IsAbsolute(path))
        {
            throw FileError.NotAbsolute(path);
        }

        var placement = Placement.Of(item, DefaultMode);
        var parents = item.Bool("make-parents");
        Make(path, placement, parents, existsIsFine: parents);
    }

    /// <summary>The directories above a file, with its owner and the default mode.</summary>
    public static void MakeAbove(string file, Placement placement) =>
        Make(GoPath.Directory(file), placement with { Mode = DefaultMode }, parents: true, existsIsFine: true);

    static void Make(string path, Placement placement, bool parents, bool existsIsFine)
    {
        path = GoPath.Clean(path);
        lock (Making)
        {
            if (FileSystem.TryStat(path) is { } found)
            {
                if (found.IsDirectory && existsIsFine)
                {
                    return;
                }

                throw FileError.Of("mkdir", path, found.IsDirectory ? Libc.FileExists : Libc.NotADirectory);
            }

            MakeAll(path, placement, parents);
        }
    }

    static void MakeAll(string path, Placement placement, bool parents)
    {
        if (FileSystem.TryStat(path) is { } found)
        {
            if (!found.IsDirectory)
            {
                throw FileError.Of("mkdir", path, Libc.NotADirectory);
            }

            return;
        }

        var above = GoPath.Directory(path);
        if (parents && above != "/")
        {
            MakeAll(above, placement, parents);
        }

        MakeOne(path, above, placement);
    }

    /// <summary>Made under a temporary name, so that nobody sees it with the wrong owner or mode.</summary>
    static void MakeOne(string path, string above, Placement placement)
    {
        var candidate = path + ".mkdir-new";
        if (FileSystem.TryStat(candidate) is null)
        {
            FileSystem.MakeDirectory(candidate, placement.Mode);
        }

        if (placement.Owner is { } owner)
        {
            FileSystem.ChangeOwner(candidate, owner);
        }

        FileSystem.ChangeMode(candidate, placement.Mode);
        FileSystem.Rename(candidate, path);
        FileSystem.SyncDirectory(above);
    }
}
