using Juju.Local.Api;
using Juju.Local.Cli.Output;
using Juju.Local.Cli.Status;

namespace Juju.Local.Tests.Status;

public sealed class StatusTests
{
    static string Tables(ModelStatus status, bool all = false, bool colour = false)
    {
        using var text = new StringWriter();
        new StatusTables(SampleStatus.Terminal(text).Zone, text, colour).Write(status, all, all);
        return text.ToString();
    }

    [Fact]
    public void Tables_are_jujus() => Golden.Check("status.txt", Tables(SampleStatus.Model));

    [Fact]
    public void Tables_with_relations_and_storage_are_jujus() => Golden.Check("status-all.txt", Tables(SampleStatus.Model, all: true));

    [Fact]
    public void An_empty_model_has_one_table() => Golden.Check("status-empty.txt", Tables(SampleStatus.Empty, all: true));

    [Fact]
    public void Colours_stand_around_status_words_only()
    {
        var plain = Tables(SampleStatus.Model);
        var coloured = Tables(SampleStatus.Model, colour: true);

        Assert.Contains("\e[32mactive\e[0m", coloured);
        Assert.Contains("\e[33mmaintenance\e[0m", coloured);
        Assert.Contains("\e[31mblocked\e[0m", coloured);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", ""));
    }

    [Fact]
    public void Json_has_the_keys_that_readers_require() => Golden.Check(
        "status.json", new StatusDocument(TimeZoneInfo.Utc).Make(SampleStatus.Model).ToJsonString(new() { WriteIndented = true }) + "\n");

    [Fact]
    public void Yaml_has_the_same_tree() => Golden.Check(
        "status.yaml", Documents.Write(new StatusDocument(TimeZoneInfo.Utc).Make(SampleStatus.Model), "yaml"));

    [Fact]
    public void Short_has_a_line_for_each_unit() => Golden.Check("status-short.txt", StatusLines.Short(SampleStatus.Model));

    [Fact]
    public void Times_are_in_the_readers_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(13), "x", "x");

        Assert.Equal("25 Feb 2026 01:03:17+13:00", StatusTimes.Since(zone, new DateTimeOffset(2026, 2, 24, 12, 3, 17, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("redis-k8s", "redis-k8s/0")]
    [InlineData("discourse-k8s/2", "discourse-k8s/2")]
    [InlineData("*-k8s", "discourse-k8s/10 discourse-k8s/2 discourse-k8s/0 redis-k8s/0")]
    [InlineData("blocked", "redis-k8s/0")]
    [InlineData("discourse-k8s/leader", "discourse-k8s/0")]
    [InlineData("nothing", "")]
    public void Selectors_choose_units_with_their_applications(string selector, string units)
    {
        var chosen = StatusFilter.Apply(SampleStatus.Model, [selector]);

        Assert.Equal(units, string.Join(' ', chosen.Applications.Values.SelectMany(application => application.Units).Select(unit => unit.Name)));
    }

    [Theory]
    [InlineData(new[] { "80/tcp", "443/tcp" }, "80,443/tcp")]
    [InlineData(new[] { "8080-8088/udp", "443/tcp", "53/udp" }, "443/tcp 53,8080-8088/udp")]
    [InlineData(new[] { "icmp" }, "icmp")]
    public void Ports_are_grouped(string[] ports, string text)
    {
        Assert.Equal(text, PortList.Format(ports));
    }

    [Fact]
    public void Units_are_in_natural_order()
    {
        Assert.Equal(["a/0", "a/2", "a/10", "b/1"], new[] { "b/1", "a/10", "a/0", "a/2" }.Order(NaturalOrder.Instance));
    }
}
