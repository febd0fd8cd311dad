using System.Globalization;
using System.Net.Mail;
using Forum.Web;

namespace Forum.Settings;

/// <summary>What a setting may hold, and how it is written into its row.</summary>
static class SettingValidation
{
    /// <summary>The row's text for a value that someone sent.</summary>
    /// <exception cref="RefusedException">The value is not of the setting's type.</exception>
    public static string Stored(SettingDefinition setting, string value)
    {
        value = value.Trim();
        switch (setting.Type)
        {
            case SettingType.Bool:
                return value.ToLowerInvariant() switch
                {
                    "true" or "t" or "1" => "t",
                    "false" or "f" or "0" or "" => "f",
                    _ => throw Wrong(setting, "a value of true or false"),
                };
            case SettingType.Integer:
                return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : throw Wrong(setting, "an integer");
            case SettingType.Float:
                return double.TryParse(value, CultureInfo.InvariantCulture, out _) ? value : throw Wrong(setting, "a number");
            default:
                if (setting.Name is "notification_email" or "contact_email" && value.Length > 0 && !MailAddress.TryCreate(value, out _))
                {
                    throw Wrong(setting, "an email address");
                }

                return setting.IsList ? string.Join('|', value.Split('|', ',').Select(part => part.Trim()).Where(part => part.Length > 0)) : value;
        }
    }

    static RefusedException Wrong(SettingDefinition setting, string needed) => Refused.Invalid($"{setting.Name}: the value must be {needed}");
}
