using Forum.Settings;

namespace Forum.TrustLevels;

/// <summary>What a member has done, as the first trust levels count it.</summary>
sealed record Reading(int TopicsEntered, int PostsRead, int SecondsRead, int DaysVisited, int LikesGiven, int LikesReceived, DateTime CreatedAt);

/// <summary>When a member rises to trust level 1 and 2. Pure: what they did and the settings in, an answer out.</summary>
static class EarlyRequirements
{
    public static bool IsBasic(Reading reading, SettingValues settings, DateTime now) =>
        reading.TopicsEntered >= settings.Int("tl1_requires_topics_entered") && reading.PostsRead >= settings.Int("tl1_requires_read_posts") &&
        HasSpent(reading, settings.Int("tl1_requires_time_spent_mins"), now);

    /// <param name="reading">What they read and did.</param>
    /// <param name="topicsAnswered">In how many topics of others they replied.</param>
    /// <param name="settings">The figures.</param>
    /// <param name="now">The time.</param>
    public static bool IsMember(Reading reading, int topicsAnswered, SettingValues settings, DateTime now) =>
        reading.TopicsEntered >= settings.Int("tl2_requires_topics_entered") && reading.PostsRead >= settings.Int("tl2_requires_read_posts") &&
        HasSpent(reading, settings.Int("tl2_requires_time_spent_mins"), now) && reading.DaysVisited >= settings.Int("tl2_requires_days_visited") &&
        reading.LikesReceived >= settings.Int("tl2_requires_likes_received") && reading.LikesGiven >= settings.Int("tl2_requires_likes_given") &&
        topicsAnswered >= settings.Int("tl2_requires_topic_reply_count");

    static bool HasSpent(Reading reading, int minutes, DateTime now) => reading.SecondsRead / 60 >= minutes && (now - reading.CreatedAt).TotalMinutes >= minutes;
}

/// <summary>What a member did in the last tl3_time_period days, beside what trust level 3 asks for.</summary>
/// <remarks>Source: upstream's app/models/trust_level3_requirements.rb.</remarks>
sealed record RegularRequirements
{
    /// <summary>A regular keeps the level with this share of what it takes to rise.</summary>
    const double LowWater = 0.9;

    public required int UserId { get; init; }

    public required int TimePeriod { get; init; }

    public bool IsLocked { get; init; }

    /// <summary>Suspended or silenced now, or in the last half year.</summary>
    public bool IsPenalized { get; init; }

    public bool IsOnGracePeriod { get; init; }

    public required IReadOnlyList<(string Name, int Has, int Needs)> AtLeast { get; init; }

    /// <summary>All time: no low water.</summary>
    public required IReadOnlyList<(string Name, int Has, int Needs)> AllTime { get; init; }

    public required IReadOnlyList<(string Name, int Has, int Most)> AtMost { get; init; }

    public bool IsMet => !IsLocked && !IsPenalized && AtLeast.All(one => one.Has >= one.Needs) && AllTime.All(one => one.Has >= one.Needs) && AtMost.All(one => one.Has <= one.Most);

    public bool IsLost => !IsLocked && (IsPenalized || AtLeast.Any(one => one.Has < one.Needs * LowWater) || AllTime.Any(one => one.Has < one.Needs) || AtMost.Any(one => one.Has > one.Most));
}
