namespace Pebble.Client.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("1h30m", "1h30m0s")]
    [InlineData("0.25s", "250ms")]
    [InlineData("0", "0s")]
    [InlineData("90s", "1m30s")]
    [InlineData("-1.5h", "-1h30m0s")]
    [InlineData("1500us", "1.5ms")]
    [InlineData("100ns", "100ns")]
    public void It_reads_and_writes_as_Go_does(string given, string canonical)
    {
        var value = GoDuration.Parse(given);

        Assert.Equal(canonical, GoDuration.Format(value));
        Assert.Equal(value, GoDuration.Parse(canonical));
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData("s", "time: invalid duration \"s\"")]
    [InlineData("1", "time: missing unit in duration \"1\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    public void It_refuses_what_is_no_duration(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => GoDuration.Parse(text)).Message);
        Assert.False(GoDuration.TryParse(text, out _, out var error));
        Assert.Equal(message, error);
    }
}
