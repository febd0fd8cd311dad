namespace Ops.Testing.Tests;

/// <summary>What the guides for charm authors show is what is compiled and tested here.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("docs/tutorial/write-a-charm.md", "tests/HelloCharm", "tests/Ops.Testing.Tests/HelloCharmTests.cs")]
    [InlineData("docs/how-to/write-and-test-charms.md", "tests/Ops.Testing.Tests/Guestbook")]
    public void Shown_code_is_tested_code(string document, params string[] sources)
    {
        var root = Root();
        var files = sources.Select(source => Path.Combine(root, source))
            .SelectMany(path => File.Exists(path) ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal));
        var tested = string.Join("\n\n", files.Select(path => Words(File.ReadAllText(path))));
        var shown = Blocks(File.ReadAllText(Path.Combine(root, document))).ToList();

        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.Contains(Words(block), tested, StringComparison.Ordinal));
    }

    static IEnumerable<string> Blocks(string markdown) => markdown.Split("```")
        .Where((_, index) => index % 2 == 1)
        .Where(block => block.StartsWith("csharp\n", StringComparison.Ordinal) || block.StartsWith("yaml\n", StringComparison.Ordinal))
        .Select(block => block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..]);

    /// <summary>The text with one space between words, without documentation comments: a guide says in prose what they say.</summary>
    static string Words(string text) => string.Join(' ', string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CharmedDiscourse.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no CharmedDiscourse.slnx above {AppContext.BaseDirectory}");
        }

        return folder;
    }
}
