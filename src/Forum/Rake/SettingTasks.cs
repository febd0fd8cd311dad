using System.Globalization;
using Forum.Settings;
using Forum.Web;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forum.Rake;

/// <summary>site_settings:export and site_settings:import, as YAML.</summary>
static class SettingTasks
{
    public static async Task<int> ExportAsync(RakeContext context, CancellationToken cancellation)
    {
        var settings = context.Get<SiteSettings>();
        await settings.LoadAsync(cancellation);
        var map = new YamlMappingNode();
        foreach (var setting in SettingDefinition.All.Values.Where(setting => !settings.IsShadowed(setting.Name)).OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            var value = settings.Current.Value(setting.Name);
            map.Add(setting.Name, new YamlScalarNode(SettingValues.Format(value)) { Style = value is string ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain });
        }

        new YamlStream(new YamlDocument(map)).Save(context.Output, assignAnchors: false);
        return 0;
    }

    public static async Task<int> ImportAsync(RakeContext context, CancellationToken cancellation)
    {
        var output = context.Output;
        var text = await context.Input.ReadToEndAsync(cancellation);
        if (string.IsNullOrWhiteSpace(text))
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync("Please specify a settings yml file");
            await output.WriteLineAsync("Example: rake site_settings:import < settings.yml");
            return 1;
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync("starting import...");
        await output.WriteLineAsync();
        var settings = context.Get<SiteSettings>();
        await settings.LoadAsync(cancellation);
        int updated = 0, missing = 0, errors = 0;
        foreach (var (name, value) in Read(text))
        {
            if (!SettingDefinition.All.ContainsKey(SettingNames.Current(name)))
            {
                await output.WriteLineAsync($"NOT FOUND: existing site setting not found for {name}");
                missing++;
                continue;
            }

            try
            {
                var before = SettingValues.Format(settings.Current.Value(SettingNames.Current(name)));
                if (Same(before, value))
                {
                    continue;
                }

                await settings.SetAsync(name, value, cancellation);
                await output.WriteLineAsync($"Changed {name} FROM: {before} TO: {value}");
                updated++;
            }
            catch (RefusedException e)
            {
                await output.WriteLineAsync($"ERROR: {e.Message}");
                errors++;
            }
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync("Results:");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $" Updated:   {updated}"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $" Not Found: {missing}"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $" Errors:    {errors}"));
        return missing + errors > 0 ? 1 : 0;
    }

    static IEnumerable<(string Name, string Value)> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        if (stream.Documents is not [{ RootNode: YamlMappingNode map }, ..])
        {
            yield break;
        }

        foreach (var (name, value) in map.Children)
        {
            if (name is YamlScalarNode { Value: { } key })
            {
                yield return (key, value switch
                {
                    YamlScalarNode scalar => scalar.Value ?? "",
                    YamlSequenceNode list => string.Join('|', list.Children.OfType<YamlScalarNode>().Select(item => item.Value)),
                    _ => "",
                });
            }
        }
    }

    static bool Same(string before, string value) => before == value || (before is "true" && value is "t") || (before is "false" && value is "f");
}
