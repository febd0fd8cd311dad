using System.Formats.Tar;
using Juju.Local.Api;

namespace Juju.Local.Cli.Containers;

/// <summary>Copies of files into a container and out of it, through programs inside, so that its own links and paths hold.</summary>
sealed class ContainerFiles(ContainerEntry entry)
{
    /// <summary>As <c>cp</c>: into the target if that is a folder, else under its name.</summary>
    public async Task UploadAsync(string source, string target, bool recursive, CancellationToken cancellation)
    {
        if (Directory.Exists(source))
        {
            if (!recursive)
            {
                throw new CommandException($"{source}: is a folder; use -r");
            }

            var files = new MemoryStream();
            await TarFile.CreateFromDirectoryAsync(source, files, includeBaseDirectory: false, cancellation);
            files.Position = 0;
            await RunAsync(
                ["/bin/sh", "-c", "if [ -d \"$1\" ]; then d=$1/$2; else d=$1; fi; mkdir -p \"$d\" && tar -x --no-same-owner -C \"$d\"", "sh", target, Path.GetFileName(Path.GetFullPath(source))],
                files, null, cancellation);
            return;
        }

        if (!File.Exists(source))
        {
            throw new CommandException($"{source}: No such file or directory");
        }

        await using var content = File.OpenRead(source);
        var mode = Convert.ToString((int)(File.GetUnixFileMode(source) & (UnixFileMode)0x1FF), 8);
        await RunAsync(
            ["/bin/sh", "-c", "if [ -d \"$1\" ]; then d=$1/$2; else d=$1; fi; cat >\"$d\" && chmod \"$3\" \"$d\"", "sh", target, Path.GetFileName(source), mode],
            content, null, cancellation);
    }

    public async Task DownloadAsync(string source, string target, bool recursive, CancellationToken cancellation)
    {
        var name = Path.GetFileName(source.TrimEnd('/'));
        var path = Directory.Exists(target) && name is not ("" or "." or "..") ? Path.Combine(target, name) : target;
        var kind = await AskAsync(["/bin/sh", "-c", "if [ -d \"$1\" ]; then echo folder; elif [ -e \"$1\" ]; then stat -c %a \"$1\"; fi", "sh", source], cancellation);
        switch (kind)
        {
            case "":
                throw new CommandException($"{source}: No such file or directory");
            case "folder" when !recursive:
                throw new CommandException($"{source}: is a folder; use -r");
            case "folder":
                using (var files = new MemoryStream())
                {
                    await RunAsync(["tar", "-c", "-C", source, "."], null, files, cancellation);
                    files.Position = 0;
                    Directory.CreateDirectory(path);
                    await TarFile.ExtractToDirectoryAsync(files, path, overwriteFiles: true, cancellation);
                }

                break;
            default:
                await using (var content = File.Create(path))
                {
                    await RunAsync(["cat", source], null, content, cancellation);
                }

                File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(kind, 8) & (UnixFileMode)0x1FF);
                break;
        }
    }

    async Task<string> AskAsync(string[] program, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        await RunAsync(program, null, output, cancellation);
        return System.Text.Encoding.UTF8.GetString(output.ToArray()).Trim();
    }

    async Task RunAsync(string[] program, Stream? input, Stream? output, CancellationToken cancellation)
    {
        var (code, error) = await ContainerProcess.RunAsync(ContainerProcess.Words(entry, program), input, output, cancellation);
        if (code != 0)
        {
            throw new CommandException(error.Trim().Length > 0 ? error.Trim() : $"copying ended with code {code}");
        }
    }
}
