using Juju.Local.Cli;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Tests.Cli;

public sealed class CommandLineTests
{
    static readonly Flag[] Flags =
    [
        Flag.Value("m|model", "model", ""), Flag.Value("n|num-units", "count", ""), Flag.List("config", "pair", ""),
        Flag.Switch("trust", ""), Flag.Switch("q|quiet", ""), Flag.Switch("v|verbose", ""), Flag.Value("wait", "duration", ""),
    ];

    static CommandLine Parse(string words, bool stop = false) => CommandLine.Parse(words.Split(' '), Flags, stop);

    [Theory]
    [InlineData("--model a deploy x")]
    [InlineData("deploy -m a x")]
    [InlineData("deploy x --model=a")]
    [InlineData("deploy x -ma")]
    [InlineData("deploy x -m=a")]
    public void Options_may_stand_anywhere(string words)
    {
        var line = Parse(words);

        Assert.Equal("a", line.Text("model"));
        Assert.Equal(["deploy", "x"], line.Arguments);
    }

    [Fact]
    public void Two_dashes_end_the_options()
    {
        var line = Parse("-q -- --model -n x");

        Assert.True(line.Has("quiet"));
        Assert.Equal(["--model", "-n", "x"], line.Arguments);
    }

    [Fact]
    public void A_single_dash_is_an_argument()
    {
        Assert.Equal(["-"], Parse("-").Arguments);
    }

    [Fact]
    public void Behind_the_first_argument_another_programs_options_are_left_alone()
    {
        var line = Parse("-m a app/0 ls -l --model b", stop: true);

        Assert.Equal("a", line.Text("model"));
        Assert.Equal(["app/0", "ls", "-l", "--model", "b"], line.Arguments);
    }

    [Fact]
    public void Lists_keep_every_value_and_values_keep_their_equal_signs()
    {
        var line = CommandLine.Parse(["--config", "a=b=c", "--config=d=\n"], Flags);

        Assert.Equal(["a=b=c", "d=\n"], line.List("config"));
    }

    [Theory]
    [InlineData("--trust", true)]
    [InlineData("--trust=false", false)]
    [InlineData("--trust=True", true)]
    [InlineData("--trust --trust=0", false)]
    [InlineData("-qv", false)]
    public void Switches_take_gos_spellings(string words, bool on)
    {
        Assert.Equal(on, Parse(words).Has("trust"));
    }

    [Theory]
    [InlineData("--bogus", "option provided but not defined: --bogus")]
    [InlineData("--bogus=1", "option provided but not defined: --bogus")]
    [InlineData("-z", "option provided but not defined: -z")]
    [InlineData("--model", "option needs an argument: --model")]
    [InlineData("-n", "option needs an argument: -n")]
    [InlineData("--trust=maybe", "invalid value \"maybe\" for option --trust: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void Wrong_options_are_named(string words, string message)
    {
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(words)).Message);
    }

    [Theory]
    [InlineData("60s", 60)]
    [InlineData("1.0s", 1)]
    [InlineData("1m30s", 90)]
    [InlineData("600s", 600)]
    [InlineData("1h", 3600)]
    [InlineData("250ms", 0.25)]
    [InlineData("0", 0)]
    public void Durations_are_gos(string text, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parse($"--wait {text}").Duration("wait", TimeSpan.Zero));
    }

    [Theory]
    [InlineData("60")]
    [InlineData("1 minute")]
    [InlineData("s")]
    public void What_is_no_duration_is_refused(string text)
    {
        var line = CommandLine.Parse(["--wait", text], Flags);

        Assert.Contains("invalid duration", Assert.Throws<UsageException>(() => line.Duration("wait", TimeSpan.Zero)).Message);
    }
}
