using System.Collections.Frozen;

namespace Forum.Badges;

/// <summary>What the badges that come with the forum are given for. Their rows have no words: upstream keeps these with its translations.</summary>
static class BadgeDescriptions
{
    static readonly FrozenDictionary<int, string> Words = new Dictionary<int, string>
    {
        [1] = "Trust level 1: may use what every forum needs",
        [2] = "Trust level 2: may invite people and send messages to groups",
        [3] = "Trust level 3: may recategorize and rename topics",
        [4] = "Trust level 4: may edit, pin, close, archive, split and merge",
        [5] = "Had a post liked",
        [6] = "A reply with 10 likes",
        [7] = "A reply with 25 likes",
        [8] = "A reply with 50 likes",
        [9] = "Has a picture and says something in the profile",
        [10] = "Edited a post for the first time",
        [11] = "Liked a post for the first time",
        [12] = "Shared a post for the first time",
        [13] = "Flagged a post for the first time",
        [14] = "Linked to another topic for the first time",
        [15] = "Quoted a post for the first time",
        [16] = "Read the guidelines",
        [17] = "Read every reply of a topic with more than 100",
        [18] = "A topic with 10 likes",
        [19] = "A topic with 25 likes",
        [20] = "A topic with 50 likes",
        [21] = "Shared a post that 25 visitors came to",
        [22] = "Shared a post that 300 visitors came to",
        [23] = "Shared a post that 1000 visitors came to",
        [24] = "A member for a year who wrote in it",
        [25] = "Invited somebody",
        [26] = "Invited 3 people who reached trust level 1",
        [27] = "Invited 5 people who reached trust level 2",
        [28] = "Posted a link with 50 clicks",
        [29] = "Posted a link with 300 clicks",
        [30] = "Posted a link with 1000 clicks",
        [31] = "Has 5 likes on 300 posts",
        [32] = "Has 100 liked posts and gave 100 likes",
        [33] = "Gave all likes of a day",
        [34] = "Gave all likes of a day 5 times",
        [35] = "Gave all likes of a day 20 times",
        [36] = "Has a like on 20 posts",
        [37] = "Has 2 likes on 100 posts",
        [38] = "Has 20 liked posts and gave 10 likes",
        [39] = "Has 500 liked posts and gave 1000 likes",
        [40] = "Mentioned somebody for the first time",
        [41] = "Used an emoji for the first time",
        [42] = "Posted a link with a preview for the first time",
        [43] = "Answered a post by mail",
        [44] = "One of the best new members of a month",
        [45] = "Was here on 10 days in a row",
        [46] = "Was here on 100 days in a row",
        [47] = "Was here on 365 days in a row",
        [48] = "Edited a wiki for the first time",
    }.ToFrozenDictionary();

    /// <summary>The row's own words, or what is known of a badge of this number.</summary>
    public static string Of(int id, string stored) => stored.Length > 0 ? stored : Words.GetValueOrDefault(id, "");
}
