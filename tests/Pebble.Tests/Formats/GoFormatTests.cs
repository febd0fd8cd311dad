using Pebble.Formats;
using GoDuration = Pebble.Client.GoDuration;

namespace Pebble.Tests.Formats;

public sealed class GoFormatTests
{
    [Theory]
    [InlineData("1h30m", "1h30m0s")]
    [InlineData("0.25s", "250ms")]
    [InlineData("0", "0s")]
    [InlineData("1.5h", "1h30m0s")]
    [InlineData("100us", "100µs")]
    [InlineData("1m0.5s", "1m0.5s")]
    [InlineData("-5s", "-5s")]
    [InlineData("48h", "48h0m0s")]
    [InlineData(".5m", "30s")]
    public void Durations_come_back_in_canonical_form(string given, string shown)
    {
        Assert.Equal(shown, GoDuration.Format(GoDuration.Parse(given)));
    }

    [Theory]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("5", "time: missing unit in duration \"5\"")]
    [InlineData("5y", "time: unknown unit \"y\" in duration \"5y\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("9999999h", "time: invalid duration \"9999999h\"")]
    public void A_bad_duration_says_so_in_Gos_words(string given, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => GoDuration.Parse(given)).Message);
    }

    [Fact]
    public void Fractions_of_seconds_lose_their_zeros()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.Equal("2026-01-02T03:04:05Z", GoTime.Utc(time));
        Assert.Equal("2026-01-02T03:04:05.12Z", GoTime.Utc(time.AddMilliseconds(120)));
        Assert.Equal("2026-01-02T12:04:05+09:00", GoTime.Format(time.ToOffset(TimeSpan.FromHours(9))));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.123456789Z")]
    [InlineData("2026-01-02T03:04:05.1+09:00")]
    public void Times_of_Go_are_read(string text) => Assert.True(GoTime.TryParse(text, out _));

    [Theory]
    [InlineData("2026-01-02")]
    [InlineData("yesterday")]
    public void Other_times_are_not(string text) => Assert.False(GoTime.TryParse(text, out _));
}
