using System.Globalization;
using System.Text.Json;
using Pebble.Accounts;
using Pebble.Api;
using Pebble.Formats;
using Pebble.Processes;

namespace Pebble.Files;

/// <summary>action=list.</summary>
static class FileListing
{
    public static Reply Reply(string path, string pattern, bool itself)
    {
        if (!GoPath.IsAbsolute(path))
        {
            throw ApiError.BadRequest($"path must be absolute, got {GoQuote.Quote(path)}");
        }

        try
        {
            var entries = List(path, pattern, itself);
            return Api.Reply.Sync(writer => Write(writer, entries));
        }
        catch (FileError e)
        {
            throw new ApiError(e.Status, e.Message, e.Kind);
        }
    }

    static List<(string Path, FileStatus Status)> List(string path, string pattern, bool itself)
    {
        var status = FileSystem.Stat(path);
        List<(string, FileStatus)> entries = [];
        if (!status.IsDirectory || itself)
        {
            var name = GoPath.Base(path);
            if (pattern.Length == 0 || Glob.IsMatch(pattern, name))
            {
                entries.Add((GoPath.Clean($"{GoPath.Directory(path)}/{name}"), status));
            }

            return entries;
        }

        foreach (var name in FileSystem.Names(path))
        {
            if (pattern.Length == 0 || Glob.IsMatch(pattern, name))
            {
                // What is in a directory is shown as it is, a link as a link.
                var full = GoPath.Clean($"{path}/{name}");
                entries.Add((full, FileSystem.LinkStat(full)));
            }
        }

        return entries;
    }

    static void Write(Utf8JsonWriter writer, List<(string Path, FileStatus Status)> entries)
    {
        // Names are looked up once for each id, not for each file.
        var users = new Dictionary<uint, string>();
        var groups = new Dictionary<uint, string>();
        writer.WriteStartArray();
        foreach (var (path, status) in entries)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, path);
            writer.WriteString("name"u8, GoPath.Base(path));
            writer.WriteString("type"u8, status.Kind);
            if (status.IsRegular)
            {
                writer.WriteNumber("size"u8, status.Size);
            }

            writer.WriteString("permissions"u8, Convert.ToString(status.Mode & 0x1FF, 8).PadLeft(3, '0'));
            writer.WriteString("last-modified"u8, GoTime.LocalSeconds(DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds)));
            writer.WriteNumber("user-id"u8, status.UserId);
            writer.WriteString("user"u8, Name(users, status.UserId, id => AccountFiles.FindUser(id)?.Name));
            writer.WriteNumber("group-id"u8, status.GroupId);
            writer.WriteString("group"u8, Name(groups, status.GroupId, id => AccountFiles.FindGroup(id)?.Name));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static string Name(Dictionary<uint, string> known, uint id, Func<int, string?> find) =>
        known.TryGetValue(id, out var name)
            ? name
            : known[id] = (int.TryParse(id.ToString(CultureInfo.InvariantCulture), out var number) ? find(number) : null) ?? "";
}
