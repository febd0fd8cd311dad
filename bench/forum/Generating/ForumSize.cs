namespace ForumBench.Generating;

/// <summary>How large a generated forum is. The same size and seed give the same forum, but for its age: it ends now.</summary>
sealed record ForumSize
{
    /// <summary>Members; the first is an admin, the next four are moderators.</summary>
    public int Users { get; init; } = 5_000;

    /// <summary>Public topics.</summary>
    public int Topics { get; init; } = 20_000;

    /// <summary>Posts in public topics and messages together.</summary>
    public int Posts { get; init; } = 400_000;

    /// <summary>Personal messages, of two to nine posts each.</summary>
    public int Messages { get; init; } = 1_500;

    public int Likes { get; init; } = 120_000;

    public int Tags { get; init; } = 200;

    /// <summary>How far back the first topic lies.</summary>
    public int Days { get; init; } = 1_000;

    public int Seed { get; init; } = 20_260_823;

    /// <summary>A few thousand topics: large enough for the planner to see what grows.</summary>
    public static ForumSize Medium { get; } = new() { Users = 1_000, Topics = 3_000, Posts = 24_000, Messages = 200, Likes = 10_000, Tags = 60 };
}
