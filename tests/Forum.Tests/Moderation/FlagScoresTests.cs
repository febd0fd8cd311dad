using Forum.Moderation;

namespace Forum.Tests.Moderation;

public sealed class FlagScoresTests
{
    [Theory]
    [InlineData(0, false, 0, false, 1)]
    [InlineData(1, false, 0, false, 2)]
    [InlineData(4, true, 0, false, 6)]
    [InlineData(1, true, 0, true, 11)]
    [InlineData(0, false, -7.5, false, 0)]
    public void A_flag_counts_by_who_raises_it(int trustLevel, bool staff, double bonus, bool takesAction, double expected) =>
        Assert.Equal(expected, FlagScores.Of(trustLevel, staff, bonus, takesAction));

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(16, 0, 10)]
    [InlineData(0, 16, -10)]
    [InlineData(7, 3, 0)]
    public void Flaggers_who_were_right_count_for_more(int agreed, int disagreed, double expected) => Assert.Equal(expected, FlagScores.AccuracyBonus(agreed, disagreed));
}
