using System.Diagnostics;
using Juju.Local.Cli.Help;

namespace Juju.Local.Tests.Cli;

/// <summary>The completion script in a real bash; names of the model come from a stand-in that prints them.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("completion-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("con", "config controllers")]
    [InlineData("integ", "integrate")]
    [InlineData("deploy --chan", "--channel")]
    [InlineData("status --format js", "json")]
    [InlineData("config fo", "forum")]
    [InlineData("ssh forum/", "forum/0 forum/1")]
    [InlineData("status -m m", "mine")]
    [InlineData("switch m", "mine")]
    public async Task Words_are_completed(string typed, string completions)
    {
        var program = Path.Combine(folder, "juju-local");
        File.WriteAllText(program, """
            #!/bin/sh
            case $1 in
                models) echo mine ;;
                status) printf 'forum\nforum/0\nforum/1\n' ;;
            esac
            """);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        var words = typed.Split(' ');
        var script = $"""
            {BashCompletion.Script()}
            COMP_WORDS=({program} {typed}) COMP_CWORD={words.Length}
            _juju_local
            echo "{"${COMPREPLY[*]}"}"
            """;

        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-c", script]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal(completions, string.Join(' ', output.Trim().Split(' ').Order(StringComparer.Ordinal)));
    }
}
