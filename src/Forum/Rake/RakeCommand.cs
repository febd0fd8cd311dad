using System.Text.RegularExpressions;
using Forum.Configuration;
using Npgsql;

namespace Forum.Rake;

/// <summary>What a task reads, writes and needs.</summary>
sealed record RakeContext(IServiceProvider Services, GlobalSettings Globals, IReadOnlyList<string> Arguments, TextReader Input, TextWriter Output, TextWriter Errors)
{
    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();
}

/// <summary>
/// bin/bundle exec rake [--trace] TASK[arguments]: the operator's tasks, with the dialogue and exit codes that the charm
/// depends on.
/// </summary>
static partial class RakeCommand
{
    static readonly Dictionary<string, Func<RakeContext, CancellationToken, Task<int>>> Tasks = new()
    {
        ["posts:rebake"] = PostTasks.RebakeAsync,
        ["assets:precompile"] = BuiltInTasks.AssetsAsync,
        ["db:migrate"] = DatabaseTasks.MigrateAsync,
        ["users:exists"] = UserTasks.ExistsAsync,
        ["users:activate"] = UserTasks.ActivateAsync,
        ["users:anonymize"] = UserTasks.AnonymizeAsync,
        ["admin:create"] = AdminTasks.CreateAsync,
        ["site_settings:import"] = SettingTasks.ImportAsync,
        ["site_settings:export"] = SettingTasks.ExportAsync,
        ["s3:upload_assets"] = S3Tasks.UploadAssetsAsync,
        ["uploads:migrate_to_s3"] = S3Tasks.MigrateUploadsAsync,
    };

    public static async Task<int> RunAsync(GlobalSettings globals, string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        var trace = args.Contains("--trace");
        var words = args.Where(arg => !arg.StartsWith('-')).ToArray();
        if (words is not [var call, ..] || Call().Match(call) is not { Success: true } match || !Tasks.TryGetValue(match.Groups["task"].Value, out var task))
        {
            await errors.WriteLineAsync("rake aborted!");
            await errors.WriteLineAsync($"Don't know how to build task '{words.FirstOrDefault() ?? "default"}' ");
            await errors.WriteLineAsync($"The tasks are: {string.Join(", ", Tasks.Keys.Order(StringComparer.Ordinal))}");
            return 1;
        }

        if (trace)
        {
            await errors.WriteLineAsync($"** Invoke {match.Groups["task"].Value} (first_time)");
            await errors.WriteLineAsync($"** Execute {match.Groups["task"].Value}");
        }

        string[] arguments = match.Groups["arguments"].Success ? match.Groups["arguments"].Value.Split(',', StringSplitOptions.TrimEntries) : [];
        await using var services = CommandServices.Create(globals);
        try
        {
            return await task(new RakeContext(services, globals, arguments, input, output, errors), CancellationToken.None);
        }
#pragma warning disable CA1031 // The outermost turn of a command: whatever it failed with is said, and the exit code says so too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await errors.WriteLineAsync("rake aborted!");
            await errors.WriteLineAsync(trace && e is not NpgsqlException and not Database.MigrationRefusedException ? e.ToString() : e.Message);
            return 1;
        }
    }

    [GeneratedRegex(@"^(?<task>[a-z0-9_:]+)(\[(?<arguments>.*)\])?$", RegexOptions.Singleline)]
    private static partial Regex Call();
}
