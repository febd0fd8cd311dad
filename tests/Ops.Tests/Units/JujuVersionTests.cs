namespace Ops.Tests.Units;

public sealed class JujuVersionTests
{
    [Theory]
    [InlineData("3.6.9", 3, 6, 9, "", 0)]
    [InlineData("3.6", 3, 6, 0, "", 0)]
    [InlineData("2.9.42.1", 2, 9, 42, "", 1)]
    [InlineData("4.0-beta3", 4, 0, 3, "beta", 0)]
    [InlineData("4.0-beta3.2", 4, 0, 3, "beta", 2)]
    public void Version_is_read(string text, int major, int minor, int patch, string tag, int build) =>
        Assert.Equal(new JujuVersion(major, minor, patch, tag, build), JujuVersion.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3.")]
    [InlineData("3.6.9.1.2")]
    [InlineData("v3.6.9")]
    [InlineData("3.6-")]
    [InlineData("3.6-9")]
    [InlineData("3.6-beta")]
    [InlineData("-3.6")]
    [InlineData("3.6.9-beta1")]
    public void What_is_none_is_refused(string text) => Assert.Contains($"\"{text}\"", Assert.Throws<FormatException>(() => JujuVersion.Parse(text)).Message);

    [Fact]
    public void Versions_have_an_order()
    {
        string[] order = ["2.9.42", "3.1.0", "3.1.0.1", "3.1.5", "3.6.9", "4.0-alpha9", "4.0-beta1", "4.0-beta2", "4.0.0", "4.0.1"];
        var versions = order.Select(JujuVersion.Parse).ToList();

        Assert.Equal(versions, versions.AsEnumerable().Reverse().Order());
        Assert.All(versions.Zip(versions.Skip(1)), pair => Assert.True(pair.First < pair.Second && pair.Second > pair.First && pair.First <= pair.Second));
        Assert.Equal(order, versions.Select(version => version.ToString()));
    }
}
