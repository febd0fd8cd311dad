using Ops.Testing.Tests.Parrot;
using Pebble.Client;

namespace Ops.Testing.Tests;

/// <summary>The Pebble in memory behaves as the real one.</summary>
public sealed class ContainerTests
{
    static readonly ContainerState Cage = new("cage") { CanConnect = true };

    [Fact]
    public void Replan_starts_what_is_enabled_and_restarts_what_changed_only()
    {
        static void Plan(ParrotCharm charm, string song)
        {
            charm.Containers.Cage.AddLayer("l", LayerOf(("sing", $"/bin/sing {song}", "enabled"), ("sleep", "/bin/sleep", "disabled")), combine: true);
            charm.Containers.Cage.Replan();
        }

        var first = ParrotCharm.Run(Event.Start, With(Cage), (charm, _) => Plan(charm, "la"));
        var same = ParrotCharm.Run(Event.Start, first.State, (charm, _) => Plan(charm, "la"));
        var other = ParrotCharm.Run(Event.Start, same.State, (charm, _) => Plan(charm, "li"));

        Assert.Equal([new ServiceCall("cage", ServiceAction.Start, "sing")], first.ServiceCalls);
        Assert.Empty(same.ServiceCalls);
        Assert.Equal([new ServiceCall("cage", ServiceAction.Restart, "sing")], other.ServiceCalls);
        Assert.Equal("/bin/sing li", other.State.GetContainer("cage").Plan.Services["sing"].Command);
    }

    [Fact]
    public void Layers_are_merged_or_replaced()
    {
        var outcome = ParrotCharm.Run(Event.Start, With(Cage), (charm, _) =>
        {
            charm.Containers.Cage.AddLayer("a", "services: {x: {override: replace, command: one, environment: {A: '1', B: '1'}}, y: {override: replace, command: y}}");
            charm.Containers.Cage.AddLayer("b", "services: {x: {override: merge, environment: {B: '2'}}, y: {override: replace, command: z}}");
        });

        var plan = outcome.State.GetContainer("cage").Plan;
        Assert.Equal(("one", "1", "2", "z"), (plan.Services["x"].Command, plan.Services["x"].Environment["A"], plan.Services["x"].Environment["B"], plan.Services["y"].Command));
    }

    [Theory]
    [InlineData("services: {x: {command: x}}", "must define \"override\" for service \"x\"")]
    [InlineData("services: {x: {override: replace}}", "plan must define \"command\" for service \"x\"")]
    [InlineData("services: [", "cannot parse layer YAML")]
    public void A_layer_that_is_wrong_is_refused_and_changes_nothing(string yaml, string reason)
    {
        var outcome = ParrotCharm.Run(Event.Start, With(Cage), (charm, _) =>
            Assert.Contains(reason, Assert.Throws<PebbleApiException>(() => charm.Containers.Cage.AddLayer("l", yaml)).Message));

        Assert.Empty(outcome.State.GetContainer("cage").Layers);
    }

    [Fact]
    public void A_service_that_does_not_start_is_an_error()
    {
        var cage = Cage with { FailingServices = ["sing"] };

        ParrotCharm.Run(Event.Start, With(cage), (charm, _) =>
        {
            charm.Containers.Cage.AddLayer("l", LayerOf(("sing", "/bin/sing", "enabled")));
            Assert.Contains("sing", Assert.Throws<ChangeException>(charm.Containers.Cage.Replan).Message);
            Assert.Equal(ServiceStatus.Error, charm.Containers.Cage.GetService("sing").Current);
        });
    }

    [Fact]
    public void A_container_that_cannot_be_reached_says_so()
    {
        ParrotCharm.Run(Event.Start, With(new ContainerState("cage")), (charm, _) =>
        {
            Assert.False(charm.Containers.Cage.CanConnect());
            Assert.False(charm.Containers.Perch.CanConnect());
            Assert.Throws<PebbleConnectionException>(charm.Containers.Cage.GetPlan);
        });
    }

    [Fact]
    public void Commands_answer_what_was_prepared_and_are_remembered()
    {
        var cage = Cage with
        {
            Execs = [new(["/bin/rake"], 1, "", "no"), new(["/bin/rake", "users:exists"], 2), new(["/bin/version"], Output: "3.3.0\n")],
        };

        var outcome = ParrotCharm.Run(Event.Start, With(cage), (charm, _) =>
        {
            Assert.Equal("3.3.0\n", charm.Containers.Cage.Exec(["/bin/version"]).WaitOutput().Output);
            Assert.Equal(2, charm.Containers.Cage.Exec(["/bin/rake", "users:exists", "x"], user: "_daemon_", stdin: "in").WaitForEnd().ExitCode);
            Assert.Equal((1, "no"), Fields(Assert.Throws<ExecException>(() => charm.Containers.Cage.Exec(["/bin/rake", "other"]).Wait())));
        });

        Assert.Equal(["_daemon_"], outcome.Execs.Where(e => e.Input == "in").Select(e => e.Options.User));
        Assert.Equal(3, outcome.Execs.Count);

        static (int, string?) Fields(ExecException e) => (e.ExitCode, e.ErrorOutput);
    }

    [Fact]
    public void A_command_without_an_answer_says_how_to_give_one()
    {
        var error = Assert.Throws<UncaughtCharmException>(() => ParrotCharm.Run(Event.Start, With(Cage), (charm, _) => charm.Containers.Cage.Exec(["/bin/x"]).Wait()));

        Assert.Contains("add an ExecResult for it", error.Message);
    }

    [Fact]
    public void Files_are_written_read_listed_and_removed()
    {
        var cage = Cage with { Files = new Dictionary<string, FileState> { ["/etc/song"] = "la" } };

        var outcome = ParrotCharm.Run(Event.Start, With(cage), (charm, _) =>
        {
            var box = charm.Containers.Cage;
            Assert.Equal(("la", true, true, false), (box.Pull("/etc/song"), box.Exists("/etc"), box.IsDir("/etc"), box.Exists("/none")));
            Assert.Equal(ErrorKind.NotFound, Assert.Throws<PebblePathException>(() => box.Pull("/none")).Kind);
            Assert.Equal(ErrorKind.NotFound, Assert.Throws<PebblePathException>(() => box.Push("/run/a/flag", "")).Kind);
            box.Push("/run/a/flag", "x", makeDirs: true);
            box.Push("/run/b", "y", makeDirs: true);
            Assert.Equal(["/run/a", "/run/b"], box.ListFiles("/run").Select(f => f.Path));
            Assert.Contains("directory not empty", Assert.Throws<PebblePathException>(() => box.RemovePath("/run/a")).Message);
            box.RemovePath("/run/a", recursive: true);
            box.RemovePath("/gone", recursive: true);
        });

        Assert.Equal(["/etc/song", "/run", "/run/b"], outcome.State.GetContainer("cage").Files.Keys.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_asked_ahead_is_the_answer(bool canConnect)
    {
        List<bool> answers = [];

        ParrotCharm.Run(Event.Start, With(Cage with { CanConnect = canConnect }), (charm, _) =>
        {
            charm.Containers.Cage.BeginConnect();
            charm.Containers.Cage.BeginConnect();
            answers.Add(charm.Containers.Cage.CanConnect());
            answers.Add(charm.Containers.Cage.CanConnect());
        });

        Assert.Equal([canConnect, canConnect], answers);
    }

    [Fact]
    public void A_command_can_be_talked_to()
    {
        var cage = Cage with { Execs = [new(["/bin/sing"], 3, "la\nle\n", "hoarse\n")] };
        string[] heard = [];

        var outcome = ParrotCharm.Run(Event.Start, With(cage), (charm, _) =>
        {
            var process = charm.Containers.Cage.Exec(["/bin/sing", "song"]);
            using (var input = new StreamWriter(process.Input))
            {
                input.Write("louder");
            }

            heard = [new StreamReader(process.Output).ReadToEnd(), new StreamReader(process.ErrorOutput!).ReadToEnd(), $"{process.WaitForExitCode()}"];
        });

        Assert.Equal(["la\nle\n", "hoarse\n", "3"], heard);
        Assert.Equal("louder", Assert.Single(outcome.Execs).Input);
    }

    [Fact]
    public void A_file_is_copied_to_a_stream()
    {
        using var copy = new MemoryStream();

        ParrotCharm.Run(
            Event.Start, With(Cage with { Files = new Dictionary<string, FileState> { ["/etc/song"] = "la" } }), (charm, _) => charm.Containers.Cage.Pull("/etc/song", copy));

        Assert.Equal("la"u8.ToArray(), copy.ToArray());
    }

    [Fact]
    public void A_check_is_read_where_the_event_points_to_it()
    {
        var layer = new Layer { Checks = new Dictionary<string, Check> { ["up"] = new() { Override = "replace", Tcp = new TcpCheck(80), Threshold = 5 } } };
        var cage = Cage with { Layers = [new("l", layer)], Checks = new Dictionary<string, CheckStatus> { ["up"] = CheckStatus.Down } };
        CheckInfo? info = null;

        ParrotCharm.Run(Event.PebbleCheckFailed(cage, "up"), With(cage), (_, e) => info = ((PebbleCheckEvent)e).Info);

        Assert.Equal((CheckStatus.Down, 5), (info!.Status, info.Threshold));
    }

    [Fact]
    public void A_notice_is_read_where_the_event_points_to_it()
    {
        var notice = new Notice { Id = "7", Type = "custom", Key = "example.com/egg" };
        var cage = Cage with { Notices = [notice] };
        string? key = null;

        ParrotCharm.Run(Event.PebbleCustomNotice(cage, notice), With(cage), (_, e) =>
            key = e is PebbleCustomNoticeEvent n ? n.Notice.Details.Key : key);

        Assert.Equal("example.com/egg", key);
    }

    static State With(ContainerState container) => new() { Containers = [container] };

    static Layer LayerOf(params (string Name, string Command, string Startup)[] services) => new()
    {
        Services = services.ToDictionary(s => s.Name, s => new Service { Override = "replace", Command = s.Command, Startup = s.Startup }),
    };
}
