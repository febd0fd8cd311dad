using System.Text.Json.Nodes;
using Juju.Local.Cli;
using Juju.Local.Cli.Status;

namespace Juju.Local.Tests.Status;

public sealed class WaitQueryTests
{
    static readonly JsonObject Entity = JsonNode.Parse("""
        {"name":"forum","life":"alive","status":"active","scale":2,"exposed":false,
         "units":{"forum/0":{"workload-status":"active","leader":true},"forum/1":{"workload-status":"waiting","leader":false}}}
        """)!.AsObject();

    [Theory]
    [InlineData("status==\"active\"", true)]
    [InlineData("status=='active' && life==\"alive\"", true)]
    [InlineData("status==\"blocked\" || scale >= 2", true)]
    [InlineData("!(status==\"active\")", false)]
    [InlineData("len(units) == 2", true)]
    [InlineData("len(units) > 2", false)]
    [InlineData("exposed == false", true)]
    [InlineData("startsWith(name, \"for\")", true)]
    [InlineData("forEach(units, unit => unit.workload-status == \"active\")", false)]
    [InlineData("forEach(units, unit => unit.workload-status != \"error\" && status == \"active\")", true)]
    public void A_query_is_true_of_an_entity_or_not(string query, bool expected)
    {
        Assert.Equal(expected, WaitQuery.Parse(query).IsTrue(Entity));
    }

    [Theory]
    [InlineData("status==")]
    [InlineData("status==\"active")]
    [InlineData("(status")]
    [InlineData("sum(units)")]
    [InlineData("status==\"a\" b")]
    public void What_is_no_query_is_refused(string query)
    {
        Assert.StartsWith("cannot parse query", Assert.Throws<UsageException>(() => WaitQuery.Parse(query)).Message);
    }

    [Fact]
    public void A_mistyped_field_is_named()
    {
        var refused = Assert.Throws<UsageException>(() => WaitQuery.Parse("statsu==\"active\"").IsTrue(Entity));

        Assert.Contains("unknown field \"statsu\"", refused.Message);
    }
}
