namespace Pebble.Tests.Api;

public sealed class EnvelopeTests
{
    [Fact]
    public async Task An_unknown_path_is_not_found()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await daemon.GetAsync("/v1/nonsense");

        Assert.Equal("""{"type":"error","status-code":404,"status":"Not Found","result":{"message":"invalid API endpoint requested"}}""", answer.Text);
    }

    [Fact]
    public async Task A_wrong_method_is_refused()
    {
        await using var daemon = await TestDaemon.StartNewAsync();

        var answer = await Answer.ReadAsync(await daemon.Client.PutAsync("/v1/changes", null));

        Assert.Equal((405, "method \"PUT\" not allowed"), (answer.Status, answer.Message));
    }
}
