using Pebble.Plan;

namespace Pebble.Tests.Plan;

/// <summary>The messages are those of the Go program, which was given the same layers.</summary>
public sealed class YamlErrorTests
{
    [Theory]
    [InlineData("a: b\n  c: d", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a: b: c", "yaml: mapping values are not allowed in this context")]
    [InlineData("a: [", "yaml: line 1: did not find expected node content")]
    [InlineData("a: }", "yaml: did not find expected node content")]
    [InlineData("\"a", "yaml: found unexpected end of stream")]
    [InlineData("summary: \"\\z\"", "yaml: found unknown escape character")]
    [InlineData("{summary: x", "yaml: line 1: did not find expected ',' or '}'")]
    [InlineData("summary: x\n services: y", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a:\n- b\n-c", "yaml: line 3: could not find expected ':'")]
    [InlineData("summary: x\nsummary: y", "yaml: unmarshal errors:\n  line 2: mapping key \"summary\" already defined at line 1")]
    public void A_text_that_is_no_YAML_is_refused_with_its_line(string yaml, string problem) =>
        Assert.Equal($"cannot parse layer \"l\": {problem}", Refusal(yaml));

    [Theory]
    [InlineData("services:", "EOF")]
    [InlineData("services: {a: {command: x}, a: {command: y}}", "yaml: unmarshal errors:\n  line 1: mapping key \"a\" already defined at line 1")]
    [InlineData("services: {a: {command: x, command: y}}", "yaml: unmarshal errors:\n  line 1: mapping key \"command\" already defined at line 1")]
    [InlineData("services: {a: {on-check-failure: [c]}}", "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]plan.ServiceAction")]
    public void A_section_of_the_wrong_form_is_named(string yaml, string problem) =>
        Assert.Equal($"cannot parse layer \"l\" section \"services\": {problem}", Refusal(yaml));

    [Fact]
    public void A_whole_number_may_be_written_with_a_fraction_which_is_cut_off() =>
        Assert.Equal(1, LayerReader.Read(0, "l", "services: {a: {override: replace, command: x, user-id: 1.5}}").Services["a"].UserId);

    static string Refusal(string yaml) => Assert.Throws<PlanError>(() => LayerReader.Read(0, "l", yaml)).Message;
}
