namespace Forum.Tests.Status;

public sealed class StatusTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_server_that_reaches_its_database_and_cache_says_ok()
    {
        using var client = app.Anonymous();

        var answer = await client.GetAsync("/srv/status");

        Assert.Equal("ok", answer.Expect(200).Body);
        Assert.Equal("1", answer.Header("X-Sql-Calls"));
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_refused_in_the_shape_of_Discourse()
    {
        using var client = app.Anonymous();

        var answer = await client.GetAsync("/no/such/path.json");

        Assert.Equal("not_found", (string?)answer.Expect(404).Json["error_type"]);
    }
}
