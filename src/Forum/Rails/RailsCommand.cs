using System.Text.RegularExpressions;
using Forum.Configuration;
using Forum.Rake;
using Forum.Settings;

namespace Forum.Rails;

/// <summary>bin/rails runner EXPRESSION: the few expressions that the charm and operators run. There is no Ruby here.</summary>
static partial class RailsCommand
{
    public static async Task<int> RunAsync(GlobalSettings globals, string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [("runner" or "r"), var expression, ..])
        {
            await errors.WriteLineAsync($"bin/rails {string.Join(' ', args)}: this server is no Ruby program; \"runner\" with SiteSetting expressions and the rake tasks are what there is");
            return 1;
        }

        foreach (var statement in expression.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Version().IsMatch(statement))
            {
                await output.WriteLineAsync(ForumVersion.Current);
            }
            else if (Assignment().Match(statement) is { Success: true } assignment)
            {
                await using var services = CommandServices.Create(globals);
                var settings = services.GetRequiredService<SiteSettings>();
                await settings.LoadAsync(CancellationToken.None);
                await settings.SetAsync(assignment.Groups["name"].Value, Unquoted(assignment.Groups["value"].Value), CancellationToken.None);
            }
            else if (Reading().Match(statement) is { Success: true } reading && SettingDefinition.All.ContainsKey(reading.Groups["name"].Value))
            {
                await using var services = CommandServices.Create(globals);
                var settings = services.GetRequiredService<SiteSettings>();
                await settings.LoadAsync(CancellationToken.None);
                await output.WriteLineAsync(SettingValues.Format(settings.Current.Value(reading.Groups["name"].Value)));
            }
            else
            {
                await errors.WriteLineAsync($"cannot run \"{statement}\": known are `puts Discourse::VERSION::STRING`, `SiteSetting.NAME=VALUE` and `puts SiteSetting.NAME`");
                return 1;
            }
        }

        return 0;
    }

    static string Unquoted(string value) => value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    [GeneratedRegex(@"^puts\s*\(?\s*Discourse::VERSION::STRING\s*\)?$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^SiteSetting\.(?<name>[a-z0-9_]+)\s*=\s*(?<value>[^=].*)$")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^puts\s*\(?\s*SiteSetting\.(?<name>[a-z0-9_]+)\??\s*\)?$")]
    private static partial Regex Reading();
}
