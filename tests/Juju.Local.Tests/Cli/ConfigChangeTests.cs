using Juju.Local.Cli;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Tests.Cli;

public sealed class ConfigChangeTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("config-change-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Put(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Pairs_are_set_and_an_at_sign_reads_a_file()
    {
        var change = ConfigChange.Of(["a=1", "b=x=y", $"c=@{Put("c.txt", "long\n")}"], [], [], "app");

        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "x=y", ["c"] = "long\n" }, change.Set);
    }

    [Theory]
    [InlineData("app:\n  flag: true\n  port: 12\n  text: yes please\n")]
    [InlineData("flag: true\nport: 12\ntext: yes please\n")]
    public void A_file_may_be_keyed_by_the_application(string yaml)
    {
        var change = ConfigChange.Of([], [], [Put("c.yaml", yaml)], "app");

        Assert.Equal(new Dictionary<string, string> { ["flag"] = "true", ["port"] = "12", ["text"] = "yes please" }, change.Set);
    }

    [Fact]
    public void What_config_printed_can_be_given_back()
    {
        var path = Put("c.yaml", "application: app\nsettings:\n  a: {source: user, value: 3}\n  b: {source: default, value: 4}\n  c: {source: unset}\n");

        Assert.Equal(new Dictionary<string, string> { ["a"] = "3" }, ConfigArguments.File(path, "app"));
    }

    [Theory]
    [InlineData("a b", "", "can only retrieve a single value, or all values")]
    [InlineData("a b=1", "", "cannot set and retrieve values simultaneously")]
    [InlineData("a", "b", "cannot reset and retrieve values simultaneously")]
    [InlineData("a=1", "a", "key \"a\" cannot be both set and reset in the same command")]
    [InlineData("a=1 a=2", "", "key \"a\" specified more than once")]
    public void Several_wishes_at_once_are_refused(string words, string reset, string message)
    {
        var refused = Assert.Throws<UsageException>(() => ConfigChange.Of(words.Split(' '), reset.Length == 0 ? [] : [reset], [], "app"));

        Assert.Equal(message, refused.Message);
    }
}
