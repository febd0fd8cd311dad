using Forum.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.Status;

/// <summary>The counts that the reports of the staff show.</summary>
public sealed class ApplicationRequestsTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task Views_and_answers_are_added_to_the_days_rows()
    {
        var counts = app.Services.GetRequiredService<ApplicationRequests>();
        await counts.StoreAsync(ForumApp.Cancellation);
        var before = await RowsAsync();
        using var visitor = app.Anonymous();
        visitor.Headers.Add("Accept", "text/html");
        visitor.Headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36");
        using var member = await app.SignInAsync(await app.AddUserAsync("counted"));
        member.Headers.Add("Accept", "text/html");

        (await visitor.GetAsync("/latest")).Expect(200);
        (await visitor.GetAsync("/latest")).Expect(200);
        (await visitor.GetAsync("/t/not-there/999999")).Expect(404);
        (await member.GetAsync("/latest")).Expect(200);
        await counts.StoreAsync(ForumApp.Cancellation);
        await counts.StoreAsync(ForumApp.Cancellation);

        var after = await RowsAsync();
        Assert.Equal(2, Added(8));
        Assert.Equal(1, Added(7));
        Assert.Equal(1, Added(4));
        Assert.True(Added(0) >= 5, $"{Added(0)} requests");

        int Added(int kind) => after.GetValueOrDefault(kind) - before.GetValueOrDefault(kind);
    }

    async Task<Dictionary<int, int>> RowsAsync() => (await app.Database.ListAsync(
        "SELECT req_type, sum(count)::int FROM application_requests GROUP BY 1", row => (row.GetInt32(0), row.GetInt32(1)), [], ForumApp.Cancellation)).ToDictionary();
}
