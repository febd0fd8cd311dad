using System.Globalization;
using Forum.Settings;

namespace Forum.Moderation;

/// <summary>How much a flag counts, and how much it takes until something happens by itself.</summary>
/// <remarks>Source: upstream's app/models/reviewable_score.rb and reviewable.rb, the figures only.</remarks>
static class FlagScores
{
    /// <summary>The score that a forum's flags typically reach.</summary>
    const double Typical = 12.5;

    const double LowSensitivity = 9;
    const int FewestFlagsToJudge = 5;
    const double GoodAccuracy = 0.7;

    /// <summary>1, and the flagger's trust level (staff 5), and how right they were before, and 5 when staff act at once.</summary>
    public static double Of(int trustLevel, bool isStaff, double accuracyBonus, bool takesAction) =>
        Math.Max(0, 1.0 + (isStaff ? 5 : trustLevel) + accuracyBonus + (takesAction ? 5 : 0));

    /// <summary>Above 0 for those whose flags moderators mostly agreed with, below for others, 0 for those who flagged little.</summary>
    public static double AccuracyBonus(int agreed, int disagreed)
    {
        double total = agreed + disagreed;
        if (total <= FewestFlagsToJudge)
            return 0;
        var right = agreed / total;
        var share = right >= GoodAccuracy ? (right - GoodAccuracy) / (1 - GoodAccuracy) : -(GoodAccuracy - right) / GoodAccuracy;
        return Math.Round(share * Math.Log(total, 4) * 5, 2);
    }

    public static double ToHidePost(SettingValues settings) => Threshold(settings, "hide_post_sensitivity", 1);

    public static double ToSilenceNewUser(SettingValues settings) => Threshold(settings, "silence_new_user_sensitivity", 0.6);

    public static double ToCloseTopic(SettingValues settings) => Threshold(settings, "auto_close_topic_sensitivity", 2.5);

    /// <summary>Sensitivity 9 is low, 6 medium, 3 high; 0 is never.</summary>
    static double Threshold(SettingValues settings, string name, double scale)
    {
        var sensitivity = int.TryParse(settings.Text(name), CultureInfo.InvariantCulture, out var number) ? number : 0;
        return sensitivity <= 0 ? double.MaxValue : Math.Truncate(Typical * sensitivity / LowSensitivity * scale * 100) / 100;
    }
}
