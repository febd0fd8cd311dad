using System.Text.Json.Nodes;
using Juju.Local.Charms;

namespace Juju.Local.Tests.Charms;

public sealed class ActionParametersTests
{
    static readonly ActionDefinition CreateUser = new("create-user", "", JsonNode.Parse("""
        {"type":"object","properties":{"email":{"type":"string"},"admin":{"type":"boolean","default":false},"level":{"type":"integer","minimum":0,"maximum":4},
         "role":{"type":"string","enum":["user","staff"]}},"required":["email"],"additionalProperties":false}
        """)!.AsObject());

    [Fact]
    public void Defaults_are_filled_in()
    {
        var checkedOnes = ActionParameters.Check(CreateUser, new JsonObject { ["email"] = "a@b.c" });

        Assert.Equal("""{"email":"a@b.c","admin":false}""", checkedOnes.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "(root) : \"email\" property is missing and required, given {\"admin\":false}")]
    [InlineData("""{"email":1}""", "(root).email : must be of type string, given 1")]
    [InlineData("""{"email":"x","level":9}""", "(root).level : must be less than or equal to 4, given 9")]
    [InlineData("""{"email":"x","role":"king"}""", "(root).role : must match one of the enum values [\"user\",\"staff\"], given \"king\"")]
    [InlineData("""{"email":"x","nick":"y"}""", "(root) : additional property \"nick\" is not allowed")]
    public void What_does_not_fit_the_schema_is_refused(string given, string message)
    {
        var refused = Assert.Throws<CharmException>(() => ActionParameters.Check(CreateUser, JsonNode.Parse(given)!.AsObject()));

        Assert.StartsWith("validation failed: ", refused.Message);
        Assert.Contains(message, refused.Message);
    }
}
