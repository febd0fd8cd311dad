namespace Pebble.Processes;

/// <summary>What .NET cannot do with folders.</summary>
static class Folders
{
    /// <summary>Brings what was renamed in the folder to disk.</summary>
    public static void Sync(string path)
    {
        var descriptor = Libc.open(path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        if (descriptor < 0 || Libc.fsync(descriptor) < 0)
        {
            var error = Libc.LastErrorText();
            _ = descriptor >= 0 ? Libc.close(descriptor) : 0;
            throw new IOException($"cannot sync folder \"{path}\": {error}");
        }

        _ = Libc.close(descriptor);
    }
}
