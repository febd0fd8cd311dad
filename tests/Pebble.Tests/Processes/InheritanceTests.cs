namespace Pebble.Tests.Processes;

public sealed class InheritanceTests
{
    [Fact]
    public async Task Children_get_their_three_descriptors_and_none_of_the_daemons()
    {
        await using var daemon = await TestDaemon.StartNewAsync("""
            services: {a: {override: replace, command: "sh -c 'ls /proc/$$/fd; sleep 1000'"}}
            checks: {c: {override: replace, period: 1h, exec: {command: "sh -c 'ls /proc/$$/fd; exit 1'"}}}
            """);
        await daemon.ServicesAsync("start", "a");

        var command = await daemon.CliAsync("exec", "sh", "-c", "ls /proc/$$/fd");
        var check = await daemon.PostAsync("/v1/checks/refresh", """{"name":"c"}""");

        Assert.Equal("0\n1\n2\n", command.Output);
        Assert.Equal(["0", "1", "2"], await daemon.LogsAsync("a"));
        Assert.Equal("exit status 1; 0\n1\n2", check.Result.GetProperty("error").GetString());
    }
}
