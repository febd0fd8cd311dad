namespace Pebble.Tests.Notices;

public sealed class NoticesApiTests
{
    [Fact]
    public async Task A_second_occurrence_counts_and_repeats_only_after_its_time()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        const string Held = """{"action": "add", "type": "custom", "key": "example.com/a", "repeat-after": "1h", "data": {"n": "1"}}""";

        await daemon.PostAsync("/v1/notices", Held);
        var first = (await daemon.GetAsync("/v1/notices?types=custom")).Result[0];
        await daemon.PostAsync("/v1/notices", Held);
        var second = (await daemon.GetAsync("/v1/notices?types=custom")).Result[0];

        Assert.Equal(2, second.GetProperty("occurrences").GetInt32());
        Assert.Equal(first.GetProperty("last-repeated").GetString(), second.GetProperty("last-repeated").GetString());
        Assert.NotEqual(first.GetProperty("last-occurred").GetString(), second.GetProperty("last-occurred").GetString());
        Assert.Equal("168h0m0s", second.GetProperty("expire-after").GetString());
    }

    [Fact]
    public async Task A_change_is_noticed_by_everyone()
    {
        await using var daemon = await TestDaemon.StartNewAsync("services: {a: {override: replace, command: sleep 100}}");

        var change = await daemon.ServicesAsync("start", "a");
        var notice = (await daemon.GetAsync("/v1/notices?types=change-update&keys=" + change.GetProperty("id").GetString())).Result[0];

        Assert.Equal(System.Text.Json.JsonValueKind.Null, notice.GetProperty("user-id").ValueKind);
        Assert.Equal("start", notice.GetProperty("last-data").GetProperty("kind").GetString());
        Assert.Equal(3, notice.GetProperty("occurrences").GetInt32());
    }

    [Fact]
    public async Task Notices_and_their_numbers_are_kept_over_a_kill()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        await daemon.PostAsync("/v1/notices", """{"action": "add", "type": "custom", "key": "example.com/a"}""");

        await daemon.KillAsync();
        await daemon.StartAsync("--hold");
        var next = await daemon.PostAsync("/v1/notices", """{"action": "add", "type": "custom", "key": "example.com/b"}""");

        Assert.Equal("2", next.Result.GetProperty("id").GetString());
        Assert.Equal(2, (await daemon.GetAsync("/v1/notices?types=custom")).Result.GetArrayLength());
    }

    [Theory]
    [InlineData("/v1/notices?types=unknown-type")]
    [InlineData("/v1/notices?keys=example.com/z&timeout=50ms")]
    public async Task Nothing_found_is_an_empty_list(string path)
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.GetAsync(path);

        Assert.Equal((200, "[]"), (answer.Status, answer.Result.GetRawText()));
    }

    [Theory]
    [InlineData("""{"action": "add", "type": "custom", "key": "bad"}""", "invalid key \"bad\" (must be in \"example.com/path\" format)")]
    [InlineData("""{"action": "add", "type": "warning", "key": "a.b/c"}""", "invalid type \"warning\" (can only add \"custom\" notices)")]
    [InlineData("""{"action": "x", "type": "custom", "key": "a.b/c"}""", "invalid action \"x\"")]
    [InlineData("""{"action": "add", "type": "custom", "key": "a.b/c", "repeat-after": "x"}""", "invalid repeat-after: time: invalid duration \"x\"")]
    public async Task A_wrong_notice_is_refused(string json, string message)
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.PostAsync("/v1/notices", json);

        Assert.Equal((400, message), (answer.Status, answer.Message));
    }
}
