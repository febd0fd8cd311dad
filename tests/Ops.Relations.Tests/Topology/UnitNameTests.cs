using Ops.Relations.Topology;

namespace Ops.Relations.Tests.Topology;

public sealed class UnitNameTests
{
    [Theory]
    [InlineData("10.1.0.5 discourse-0.discourse-endpoints.forum.svc.cluster.local discourse-0", "discourse-0.discourse-endpoints.forum.svc.cluster.local")]
    [InlineData("10.1.0.5\tdiscourse-0 # discourse-0.example", "discourse-0")]
    [InlineData("127.0.0.1 localhost localhost.localdomain", "discourse-0")]
    [InlineData("127.0.0.1 localhost\n127.0.0.1 discourse-0", "localhost")]
    [InlineData("127.0.0.1 localhost\n127.0.1.1 discourse-0.example discourse-0\n", "discourse-0.example")]
    [InlineData("127.0.1.1 discourse-0\n127.0.1.1 discourse-0.example", "discourse-0")]
    [InlineData("10.1.0.5\n# 10.1.0.5 discourse-0.example discourse-0", "discourse-0")]
    public void Qualified_name_stands_beside_the_short_one(string hosts, string expected)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(expected, UnitName.Read(folder.Write("hosts", hosts + "\n"), "discourse-0"));
    }
}
