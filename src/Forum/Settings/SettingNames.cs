using System.Collections.Frozen;

namespace Forum.Settings;

/// <summary>Older names that clients and scripts still send.</summary>
static class SettingNames
{
    static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["enable_sso"] = "enable_discourse_connect",
        ["sso_url"] = "discourse_connect_url",
        ["sso_secret"] = "discourse_connect_secret",
        ["min_trust_to_create_topic"] = "create_topic_allowed_groups",
        ["min_trust_to_send_messages"] = "personal_message_enabled_groups",
        ["min_trust_to_edit_post"] = "edit_post_allowed_groups",
        ["min_trust_to_create_tag"] = "create_tag_allowed_groups",
        ["min_trust_level_to_tag_topics"] = "tag_topic_allowed_groups",
        ["newuser_max_images"] = "newuser_max_embedded_media",
        ["email_domains_blacklist"] = "blocked_email_domains",
        ["email_domains_whitelist"] = "allowed_email_domains",
    }.ToFrozenDictionary();

    public static string Current(string name) => Renamed.GetValueOrDefault(name, name);
}
