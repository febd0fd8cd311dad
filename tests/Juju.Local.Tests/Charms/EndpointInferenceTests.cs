using Juju.Local.Charms;

namespace Juju.Local.Tests.Charms;

public sealed class EndpointInferenceTests
{
    static CharmDefinition Charm(string name, params Endpoint[] endpoints) =>
        new() { Name = name, Endpoints = endpoints.ToDictionary(endpoint => endpoint.Name) };

    static readonly CharmDefinition Forum = Charm(
        "forum",
        new Endpoint("database", EndpointRole.Requirer, "postgresql_client"),
        new Endpoint("standby", EndpointRole.Requirer, "postgresql_client"),
        new Endpoint("redis", EndpointRole.Requirer, "redis"),
        new Endpoint("restart", EndpointRole.Peer, "rolling_op"));

    static readonly CharmDefinition Postgres = Charm("postgres", new Endpoint("database", EndpointRole.Provider, "postgresql_client"));
    static readonly CharmDefinition Redis = Charm("redis", new Endpoint("redis", EndpointRole.Provider, "redis"), new Endpoint("peers", EndpointRole.Peer, "rolling_op"));
    static readonly CharmDefinition Agent = Charm("agent", new Endpoint("host", EndpointRole.Requirer, "juju-info"));

    static string Infer(string first, CharmDefinition firstCharm, string second, CharmDefinition secondCharm) =>
        EndpointInference.Infer(EndpointArgument.Parse(first), firstCharm, EndpointArgument.Parse(second), secondCharm).ToString();

    [Fact]
    public void The_only_fitting_pair_is_taken()
    {
        Assert.Equal("forum:redis cache:redis", Infer("forum", Forum, "cache", Redis));
        Assert.Equal("cache:redis forum:redis", Infer("cache", Redis, "forum:redis", Forum));
    }

    [Fact]
    public void Juju_info_is_taken_last()
    {
        Assert.Equal("forum:juju-info agent:host", Infer("forum", Forum, "agent", Agent));
    }

    [Fact]
    public void Several_fitting_pairs_are_listed()
    {
        var refused = Assert.Throws<CharmException>(() => Infer("forum", Forum, "db", Postgres));

        Assert.Equal(
            "ambiguous relation: \"forum db\" could refer to \"forum:database db:database\"; \"forum:standby db:database\"",
            refused.Message);
    }

    [Fact]
    public void A_named_endpoint_narrows()
    {
        Assert.Equal("forum:standby db:database", Infer("forum:standby", Forum, "db", Postgres));
    }

    [Theory]
    [InlineData("forum", "db:redis", "application \"db\" has no \"redis\" relation")]
    [InlineData("forum:redis", "db", "no relations found")]
    [InlineData("forum:", "db", "invalid endpoint \"forum:\"")]
    public void What_does_not_fit_is_refused(string first, string second, string message)
    {
        Assert.Equal(message, Assert.Throws<CharmException>(() => Infer(first, Forum, second, Postgres)).Message);
    }
}
