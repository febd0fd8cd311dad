using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Moderation;
using Forum.Pages;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Settings;

/// <summary>Site settings for admins: /admin/site_settings; and what clients may read: /site/settings.json.</summary>
static class SettingsApi
{
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/site/settings", ForClients).AllowAnyone().OpenToVisitors().Named("site#settings");
        var admin = routes.MapGroup("/admin/site_settings").RequireAdmin();
        admin.MapGet("", List).WithPage(AdminPages.SettingsAsync).Named("admin/site_settings#index");
        admin.MapGet("/category/{category}", List).Named("admin/site_settings#index");
        admin.MapPut("/{name}", UpdateAsync).Named("admin/site_settings#update");
    }

    /// <summary>The settings that clients see, with their own types.</summary>
    public static JsonObject ClientSettings(SettingValues values)
    {
        var body = new JsonObject();
        foreach (var setting in SettingDefinition.All.Values.Where(setting => setting.IsForClients).OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            body[setting.Name] = Node(values.Value(setting.Name));
        }

        return body;
    }

    static IResult ForClients(SiteSettings settings) => Replies.Json(ClientSettings(settings.Current));

    static IResult List(Parameters parameters, SiteSettings settings)
    {
        var values = settings.Current;
        var names = parameters.List("names") ?? (parameters.Text("filter_names") is { } filter ? filter.Split(',') : null);
        return Replies.Json(new JsonObject
        {
            ["site_settings"] = new JsonArray([.. SettingDefinition.All.Values
                .Where(setting => !settings.IsShadowed(setting.Name) && (names is null || names.Contains(setting.Name)))
                .OrderBy(setting => setting.Name, StringComparer.Ordinal)
                .Select(setting => (JsonNode)new JsonObject
                {
                    ["setting"] = setting.Name,
                    ["humanized_name"] = char.ToUpperInvariant(setting.Name[0]) + setting.Name[1..].Replace('_', ' '),
                    ["description"] = "",
                    ["default"] = setting.Default,
                    ["value"] = SettingValues.Format(values.Value(setting.Name)),
                    ["category"] = setting.Category,
                    ["type"] = TypeName(setting.Type),
                    ["preview"] = null,
                    ["secret"] = setting.Name.Contains("secret", StringComparison.Ordinal) || setting.Name.Contains("private_key", StringComparison.Ordinal),
                    ["placeholder"] = null,
                })]),
        });
    }

    static async Task<IResult> UpdateAsync(
        string name, Parameters parameters, CurrentUser current, SiteSettings settings, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var currentName = SettingNames.Current(name);
        if (!SettingDefinition.All.TryGetValue(currentName, out var setting) || settings.IsShadowed(currentName))
        {
            throw Refused.InvalidParameters(name);
        }

        if (!parameters.Has(name))
        {
            throw Refused.Missing(name);
        }

        var value = parameters.Node(name) is JsonArray list ? string.Join('|', list.Select(item => item?.ToString())) : parameters.Text(name) ?? "";
        var old = await settings.SetAsync(currentName, value, cancellation);
        var isSecret = currentName.Contains("secret", StringComparison.Ordinal) || currentName.Contains("private_key", StringComparison.Ordinal) || currentName.Contains("password", StringComparison.Ordinal);
        await StaffActions.LogAsync(database, StaffAction.ChangeSiteSetting, current.Id, null, time.GetUtcNow().UtcDateTime, cancellation, new StaffActionDetails
        {
            Subject = setting.Name,
            PreviousValue = isSecret ? "[FILTERED]" : old,
            NewValue = isSecret ? "[FILTERED]" : SettingValues.Format(settings.Current.Value(setting.Name)),
            IsAdminOnly = true,
        });
        return Results.StatusCode(200);
    }

    static JsonNode? Node(object value) => value switch
    {
        bool flag => flag,
        int number => number,
        double number => number,
        _ => (string)value,
    };

    static string TypeName(SettingType type) => type switch
    {
        SettingType.CategoryList => "category_list",
        SettingType.GroupList => "group_list",
        SettingType.TagList => "tag_list",
        _ => type.ToString().ToLowerInvariant(),
    };
}
