using System.Text.Json;
using Pebble.Api;

namespace Pebble.Files;

/// <summary>What became of one path of a request.</summary>
readonly record struct FileResult(string Path, FileError? Error)
{
    public static FileResult Of(string path, Action action)
    {
        try
        {
            action();
            return new FileResult(path, null);
        }
        catch (FileError e)
        {
            return new FileResult(path, e);
        }
    }

    public static Reply Reply(IReadOnlyList<FileResult> results) => Api.Reply.Sync(writer => Write(writer, results));

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<FileResult> results)
    {
        writer.WriteStartArray();
        foreach (var (path, error) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, path);
            if (error is not null)
            {
                writer.WritePropertyName("error"u8);
                WriteError(writer, error);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static void WriteError(Utf8JsonWriter writer, FileError error)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("kind"u8, error.Kind);
        writer.WriteEndObject();
    }
}
