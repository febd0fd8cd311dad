using System.Text;
using Pebble.Client;

namespace Ops.Tests.Containers;

/// <summary>A charm's container against a real Pebble daemon.</summary>
public sealed class ClientPebbleTests(RealPebble daemon)
{
    readonly ClientPebble pebble = daemon.Connect();

    [Fact]
    public void A_command_gives_its_output_errors_and_exit_code()
    {
        var end = Exec("echo out; echo err >&2; exit 3").WaitForEnd();

        Assert.Equal((3, "out\n", "err\n"), end);
    }

    [Fact]
    public void Input_and_output_larger_than_any_buffer_pass()
    {
        var input = string.Concat(Enumerable.Range(0, 40_000).Select(n => $"line {n}\n"));

        var (code, output, error) = Exec("cat; cat /dev/null >&2", input).WaitForEnd();

        Assert.Equal((0, input, ""), (code, output, error));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Messages_of_every_form_of_length_pass(int size) => Assert.Equal(size, Exec("cat", new string('x', size)).WaitForEnd().Output.Length);

    [Fact]
    public void A_command_that_does_not_read_its_input_still_ends() => Assert.Equal(0, Exec("true", new string('x', 1_000_000)).WaitForEnd().ExitCode);

    [Fact]
    public void Errors_can_go_with_the_output()
    {
        var (_, output, error) = pebble.Exec(new ExecOptions { Command = ["sh", "-c", "echo out; echo err >&2"], CombineStderr = true }, null).WaitForEnd();

        Assert.Equal(("out\nerr\n", null), (output, error));
    }

    [Fact]
    public void A_command_can_be_talked_to_as_it_runs()
    {
        var process = Exec("read name; echo hello $name; read name; echo bye $name >&2; exit 4");

        using var input = new StreamWriter(process.Input) { AutoFlush = true };
        using var output = new StreamReader(process.Output);
        input.WriteLine("Ara");
        Assert.Equal("hello Ara", output.ReadLine());
        input.WriteLine("Lori");
        Assert.Equal("bye Lori\n", new StreamReader(process.ErrorOutput!).ReadToEnd());
        Assert.Equal("", output.ReadToEnd());
        Assert.Equal(4, process.WaitForExitCode());
    }

    [Fact]
    public async Task Large_input_goes_while_output_is_read()
    {
        var process = Exec("cat");
        var text = new string('x', 3_000_000);

        var reading = Task.Run(() => new StreamReader(process.Output).ReadToEnd(), TestContext.Current.CancellationToken);
        using (var input = new StreamWriter(process.Input))
        {
            input.Write(text);
        }

        Assert.Equal(text, await reading);
        Assert.Equal(0, process.WaitForExitCode());
    }

    [Fact]
    public void A_command_that_does_not_exist_is_refused() =>
        Assert.Contains("no-such-program", Assert.Throws<PebbleApiException>(() => pebble.Exec(new ExecOptions { Command = ["no-such-program"] }, null)).Message);

    [Fact]
    public void A_signal_reaches_the_command()
    {
        var process = Exec("trap 'echo got it; exit 5' TERM; echo ready; while true; do sleep 0.05; done");
        process.SendSignal("SIGTERM");

        var (code, _, _) = process.WaitForEnd();

        // Before the shell has set its trap, the signal ends it.
        Assert.Contains(code, new[] { 5, 128 + 15 });
    }

    [Fact]
    public void A_layer_is_added_and_the_plan_read()
    {
        pebble.AddLayer("ops-tests", new Layer { Services = new Dictionary<string, Service> { ["idle"] = new() { Override = "replace", Command = "sleep 60" } } }.ToYaml(), combine: true);

        Assert.Equal("sleep 60", pebble.GetPlan().Services["idle"].Command);
        Assert.Equal(ServiceStatus.Inactive, Assert.Single(pebble.ListServices(["idle"])).Current);
    }

    [Fact]
    public void A_file_is_written_and_read()
    {
        var path = Path.Combine(Path.GetDirectoryName(daemon.SocketPath)!, "a/file");

        pebble.Push(path, new MemoryStream(Encoding.UTF8.GetBytes("text")), makeDirs: true, null);

        using var content = new MemoryStream();
        pebble.Pull(path, content);
        Assert.Equal("text", Encoding.UTF8.GetString(content.ToArray()));
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<PebblePathException>(() => pebble.Pull(path + "x", content)).Kind);
    }

    [Fact]
    public void Nobody_listening_is_a_connection_error() =>
        Assert.Throws<PebbleConnectionException>(() => new ClientPebble(new PebbleClient("/nowhere/pebble.socket")).GetSystemInfo());

    IPebbleProcess Exec(string script, string? input = null) =>
        pebble.Exec(new ExecOptions { Command = ["sh", "-c", script] }, input is null ? null : Encoding.UTF8.GetBytes(input));
}
