using System.Net;

namespace EndToEnd;

public sealed class UpTests(ForumModel model)
{
    [Fact]
    public async Task Up_prints_the_address_at_which_the_forum_answers()
    {
        var url = await model.ForumUrlAsync();

        using var http = new HttpClient();
        using var answer = await http.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Contains(url.ToString(), model.UpOutput, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Up_again_changes_nothing_and_says_so()
    {
        var before = await UnitsAsync();

        var again = await model.DiscourseAsync("up");

        Assert.Contains("No changes to apply.", again.Text + again.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await UnitsAsync());
    }

    [Fact]
    public async Task Status_shows_every_application_active()
    {
        var status = await model.StatusAsync();

        Assert.All(ForumModel.AllUnits(status), unit => Assert.Equal("active", ForumModel.StatusOf(unit, "workload-status")));
        Assert.Equal(5, status.GetProperty("applications").EnumerateObject().Count());
    }

    [Fact]
    public async Task On_a_terminal_a_command_prints_its_text_and_nothing_else()
    {
        var outcome = await model.OnTerminalAsync("version");

        Assert.Matches(@"^[0-9.]+-\S+$", outcome.Text.TrimEnd());
    }

    async Task<string> UnitsAsync() => (await model.JujuAsync("status", "--format", "short")).Text;
}
