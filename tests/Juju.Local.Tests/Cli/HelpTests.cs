using Juju.Local.Cli;
using Juju.Local.Cli.Help;

namespace Juju.Local.Tests.Cli;

public sealed class HelpTests
{
    [Fact]
    public void The_reference_page_is_what_the_help_says()
    {
        var page = Path.Combine(Repository.Root, "docs/reference/juju-local-cli.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(page, HelpText.Reference());
        }

        Assert.True(
            File.ReadAllText(page) == HelpText.Reference(),
            "docs/reference/juju-local-cli.md is not current; run: juju-local documentation >docs/reference/juju-local-cli.md");
    }

    [Fact]
    public void No_name_is_used_twice()
    {
        var names = CommandTable.All.SelectMany(command => command.Aliases.Append(command.Name));

        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void No_option_is_used_twice_in_a_command()
    {
        var doubled =
            from command in CommandTable.All
            from name in command.AllFlags.Concat(Juju.Local.Cli.Arguments.GlobalFlags.All).SelectMany(flag => flag.AllNames)
            group name by (command.Name, name) into group_
            where group_.Count() > 1
            select group_.Key;

        Assert.Empty(doubled);
    }

    [Fact]
    public void Every_command_of_the_issue_is_there()
    {
        var wanted = """
            bootstrap add-model models switch show-model deploy integrate relate remove-relation config model-config run exec ssh scp status show-unit
            show-application debug-log add-unit scale-application remove-unit remove-application refresh resolved add-secret update-secret grant-secret
            revoke-secret remove-secret show-secret secrets actions show-action operations show-operation wait-for resources attach-resource expose
            trust storage destroy-model kill-controller controllers whoami version help completion
            """;

        Assert.All(wanted.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), name => Assert.NotNull(CommandTable.Find(name)));
    }

    [Theory]
    [InlineData("stauts", "status")]
    [InlineData("deplyo", "deploy")]
    [InlineData("intergrate", "integrate")]
    [InlineData("xyzzy", null)]
    public void A_mistyped_command_is_guessed(string typed, string? meant)
    {
        Assert.Equal(meant, CommandTable.Nearest(typed));
    }
}
