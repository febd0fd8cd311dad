using System.Text;
using Pebble.Cli;

namespace Pebble.Tests.Cli;

/// <summary>docs/reference/pebble-cli.md is the program's own help. Rewrite it with PEBBLE_WRITE_REFERENCE=1.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void The_reference_is_what_the_program_says()
    {
        var path = Path.Combine(Root(), "docs", "reference", "pebble-cli.md");
        var expected = Reference();
        if (Environment.GetEnvironmentVariable("PEBBLE_WRITE_REFERENCE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Every_command_has_a_place_in_the_help()
    {
        var shown = CommandTable.Categories.SelectMany(category => category.Commands);

        Assert.Equal(["autostart", "enter"], CommandTable.All.Select(command => command.Name).Except(shown).Order());
        Assert.All(shown, name => Assert.NotNull(CommandTable.Find(name)));
    }

    static string Reference()
    {
        var text = new StringBuilder("""
            # The pebble command

            Generated from the program's own help (`tests/Pebble.Tests/Cli/ReferenceTests.cs`); do not edit by hand.


            """);
        text.Append("```text\n").Append(HelpText.Long()).Append("```\n");
        foreach (var command in CommandTable.All.OrderBy(command => command.Name, StringComparer.Ordinal))
        {
            text.Append($"\n## {command.Name}\n\n{command.Summary}.\n\n```text\n{HelpText.Of(command)}```\n");
        }

        return text.ToString();
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CharmedDiscourse.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests are not run from the build tree");
        }

        return folder;
    }
}
