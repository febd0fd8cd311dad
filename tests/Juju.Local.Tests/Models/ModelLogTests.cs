using Juju.Local.Api;
using Juju.Local.Models;
using Juju.Local.State;

namespace Juju.Local.Tests.Models;

public sealed class ModelLogTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("log-").FullName;
    readonly Database database;
    readonly ModelLog log;

    public ModelLogTests()
    {
        database = new Database(Path.Combine(folder, "controller.db"));
        log = new ModelLog(database, TimeProvider.System, "one");
        for (var n = 1; n <= 1200; n++)
        {
            log.Add(n % 600 == 0 ? "unit-rare-0" : "unit-common-0", "INFO", "test", $"line {n}");
        }
    }

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static LogsRequest Request => new() { Model = "one" };

    async Task<IEnumerable<string>> MessagesAsync(LogsRequest request) =>
        (await log.ReadAsync(request, TestContext.Current.CancellationToken)).Lines.Select(line => line.Message);

    [Fact]
    public async Task The_last_lines_come_in_order_also_when_few_match()
    {
        Assert.Equal(["line 1199", "line 1200"], await MessagesAsync(Request with { Last = 2 }));
        Assert.Equal(["line 600", "line 1200"], await MessagesAsync(Request with { Last = 5, Include = ["rare"] }));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap()
    {
        var first = await log.ReadAsync(Request with { Limit = 700 }, TestContext.Current.CancellationToken);
        var second = await log.ReadAsync(Request with { Limit = 700, After = first.Next }, TestContext.Current.CancellationToken);
        var third = await log.ReadAsync(Request with { Limit = 700, After = second.Next }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 1200).Select(n => $"line {n}"), first.Lines.Concat(second.Lines).Select(line => line.Message));
        Assert.Empty(third.Lines);
    }

    [Fact]
    public async Task Who_waits_is_told_of_the_next_line_that_matches()
    {
        var end = (await log.ReadAsync(Request with { Last = 1 }, TestContext.Current.CancellationToken)).Next;
        var waiting = log.ReadAsync(Request with { After = end, Include = ["rare"], WaitSeconds = 30 }, TestContext.Current.CancellationToken);

        log.Add("unit-common-0", "INFO", "test", "not this");
        log.Add("unit-rare-0", "INFO", "test", "this");

        Assert.Equal(["this"], (await waiting).Lines.Select(line => line.Message));
    }
}
