using Ops.Relations.Postgresql;

namespace Ops.Relations.Tests.Postgresql;

public sealed class DatabaseConnectionTests
{
    static readonly Dictionary<string, string> Fields = new()
    {
        ["endpoints"] = "db-primary.forum.svc:5432,db-1:5432", ["username"] = "relation_id_1", ["password"] = "geheim", ["database"] = "discourse",
    };

    [Fact]
    public void First_endpoint_is_used() =>
        Assert.Equal(new DatabaseConnection("db-primary.forum.svc", 5432, "discourse", "relation_id_1", "geheim"), DatabaseConnection.Read(Fields).Value);

    [Fact]
    public void Password_is_not_printed() => Assert.DoesNotContain("geheim", $"{DatabaseConnection.Read(Fields).Value}", StringComparison.Ordinal);

    [Fact]
    public void IPv6_endpoint_is_read()
    {
        var connection = DatabaseConnection.Read(new Dictionary<string, string>(Fields) { ["endpoints"] = "[fd00::1]:5433" }).Value;

        Assert.Equal(("fd00::1", 5433), (connection!.Host, connection.Port));
    }

    [Theory]
    [InlineData("endpoints")]
    [InlineData("username")]
    [InlineData("password")]
    [InlineData("database")]
    public void What_is_missing_is_named_and_waited_for(string key)
    {
        var reading = DatabaseConnection.Read(Fields.Where(pair => pair.Key != key).ToDictionary());

        Assert.False(reading.IsFaulty);
        Assert.Equal($"\"{key}\" is missing", reading.Reason);
    }

    [Theory]
    [InlineData("endpoints", "localhost")]
    [InlineData("endpoints", "a b:5432")]
    [InlineData("endpoints", "host:port")]
    [InlineData("password", "a\nb")]
    public void Unusable_value_is_a_fault(string key, string value)
    {
        var reading = DatabaseConnection.Read(new Dictionary<string, string>(Fields) { [key] = value });

        Assert.True(reading.IsFaulty);
        Assert.Contains($"\"{key}\"", reading.Reason, StringComparison.Ordinal);
    }
}
