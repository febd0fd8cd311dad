using Pebble.Files;

namespace Pebble.Cli;

/// <summary>Files on the user's side, with errors in Go's words.</summary>
static class LocalFile
{
    public static FileStream OpenToRead(string path)
    {
        try
        {
            return new FileStream(FileSystem.OpenToRead(path), FileAccess.Read, bufferSize: 0);
        }
        catch (FileError e)
        {
            throw new CommandException(e.Message);
        }
    }

    public static string ReadText(string path)
    {
        using var file = OpenToRead(path);
        using var reader = new StreamReader(file);
        try
        {
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"read {path}: is a directory");
        }
    }
}
