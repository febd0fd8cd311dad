using Forum.Backups;
using Forum.Configuration;
using Forum.Rake;
using Forum.Settings;
using Npgsql;

namespace Forum.Script;

/// <summary>script/discourse COMMAND: what operators do to a whole forum.</summary>
static class ScriptCommand
{
    const string Usage = """
        usage: script/discourse COMMAND
          backup [--sql-only]      database and uploads into an archive
          restore NAME             an archive in the place of this forum; see enable_restore
          rollback                 the forum as it was before the last restore
          enable_restore, disable_restore
          remap [--force] FROM TO  replaces a text everywhere, such as an old address
        """;

    public static async Task<int> RunAsync(GlobalSettings globals, string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        if (args is not ["backup" or "restore" or "rollback" or "enable_restore" or "disable_restore" or "remap", ..])
        {
            await errors.WriteLineAsync(args is [var unknown, ..] ? $"cannot run \"{unknown}\"\n{Usage}" : Usage);
            return 1;
        }

        await using var services = CommandServices.Create(globals);
        var settings = services.GetRequiredService<SiteSettings>();
        try
        {
            await settings.LoadAsync(CancellationToken.None);
            return await RunAsync(services, settings, args, input, output, errors);
        }
        catch (Exception e) when (e is BackupException or NpgsqlException or Amazon.Runtime.AmazonServiceException or IOException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
    }

    static async Task<int> RunAsync(ServiceProvider services, SiteSettings settings, string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        switch (args)
        {
            case ["backup", .. var options]:
                await output.WriteLineAsync("Starting backup...");
                var name = await services.GetRequiredService<CreateBackup>().RunAsync(withUploads: !options.Contains("--sql-only"), CancellationToken.None);
                await output.WriteLineAsync($"Backup done.\nOutput file is in: {(settings.Text("backup_location") == "s3" ? "the bucket for backups" : "public/backups/default")}: {name}");
                return 0;
            case ["restore", var archive, ..]:
                if (!settings.Bool("allow_restore"))
                {
                    await errors.WriteLineAsync("Restores are not allowed. Run: script/discourse enable_restore");
                    return 1;
                }

                var backup = await services.GetRequiredService<Backups.Backups>().FindAsync(archive, CancellationToken.None);
                if (backup is null)
                {
                    await errors.WriteLineAsync($"there is no backup \"{archive}\"; put the archive into public/backups/default, or name one of those there");
                    return 1;
                }

                await services.GetRequiredService<RestoreBackup>().RunAsync(backup.Name, output.WriteLine, CancellationToken.None);
                return 0;
            case ["rollback", ..]:
                await services.GetRequiredService<RestoreBackup>().RollBackAsync(CancellationToken.None);
                await output.WriteLineAsync("The forum is as it was before the last restore");
                return 0;
            case ["enable_restore" or "disable_restore", ..]:
                await settings.SetAsync("allow_restore", args[0] == "enable_restore" ? "true" : "false", CancellationToken.None);
                await output.WriteLineAsync(args[0] == "enable_restore" ? "Restores are now allowed; run disable_restore when you are done" : "Restores are no longer allowed");
                return 0;
            case ["remap", .. var words] when words.Where(word => word != "--force").ToArray() is [var from, var to] && from.Length > 0:
                return await Remap.RunAsync(services, from, to, isForced: words.Contains("--force"), input, output);
            default:
                await errors.WriteLineAsync(Usage);
                return 1;
        }
    }
}
