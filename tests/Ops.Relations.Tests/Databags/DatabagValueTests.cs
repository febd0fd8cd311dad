using Ops.Relations.Databags;

namespace Ops.Relations.Tests.Databags;

public sealed class DatabagValueTests
{
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("fd00::1", true)]
    [InlineData("postgresql-k8s-primary.forum.svc.cluster.local", true)]
    [InlineData("redis_0", true)]
    [InlineData("fd00::zz", false)]
    [InlineData("a..b", false)]
    [InlineData("-a", false)]
    [InlineData("", false)]
    [InlineData("host name", false)]
    [InlineData("host\nother", false)]
    [InlineData("host;drop", false)]
    [InlineData("$(id)", false)]
    [InlineData("a/b", false)]
    public void Host_is_a_name_or_an_address(string text, bool expected) => Assert.Equal(expected, DatabagValue.IsHost(text));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("65535", 65535)]
    [InlineData("0", null)]
    [InlineData("65536", null)]
    [InlineData("-1", null)]
    [InlineData("5432 ", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("١٢", null)]
    [InlineData(null, null)]
    public void Port_is_a_number_in_range(string? text, int? expected) => Assert.Equal(expected, DatabagValue.Port(text));

    [Theory]
    [InlineData("http://a/b", true)]
    [InlineData("https://a.example:8443/x?y=z", true)]
    [InlineData("http://[fd00::1]:3100/push", true)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("http://a/\nX: y", false)]
    [InlineData("//a/b", false)]
    public void Url_is_http(string text, bool expected) => Assert.Equal(expected, DatabagValue.IsHttpUrl(text));

    [Theory]
    [InlineData("""["a", "b"]""", 2)]
    [InlineData("[]", 0)]
    [InlineData("""["a", 1]""", null)]
    [InlineData("""{"a": 1}""", null)]
    [InlineData("a,b", null)]
    [InlineData("[", null)]
    public void List_holds_only_strings(string json, int? count) => Assert.Equal(count, DatabagValue.StringList(json)?.Count);

    [Fact]
    public void Quoted_text_is_short_and_on_one_line() =>
        Assert.Equal($"\"a?{new string('b', 38)}…\"", DatabagValue.Quoted("a\n" + new string('b', 1000)));

    [Fact]
    public void Deeply_nested_json_is_refused() => Assert.Null(DatabagValue.Json(new string('[', 100_000)));
}
