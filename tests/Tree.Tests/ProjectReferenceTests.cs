using System.Xml.Linq;

namespace Tree.Tests;

/// <summary>Who may use whom. A part that is not in the table may use no other.</summary>
public sealed class ProjectReferenceTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Pebble"] = ["Pebble.Client"],
        ["Ops"] = ["Pebble.Client"],
        ["Ops.Relations"] = ["Ops"],
        ["Ops.Testing"] = ["Ops"],
    };

    static readonly string[] AllowedToCharms = ["Ops", "Ops.Relations", "Ops.Generators"];

    [Fact]
    public void References_point_only_where_the_design_allows()
    {
        var wrong =
            from file in Repository.Files("src", "*.csproj")
            let project = Path.GetFileNameWithoutExtension(file)
            from reference in References(file)
            where !Allowed.GetValueOrDefault(project, []).Contains(reference)
            select $"{project} -> {reference}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Charms_use_only_the_framework()
    {
        var wrong =
            from file in Repository.Files("charms", "*.csproj").Append(Repository.PathOf("charms/Directory.Build.props"))
            from reference in References(file)
            where !AllowedToCharms.Contains(reference)
            select $"{Path.GetFileName(file)} -> {reference}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Repository.PathOf("CharmedDiscourse.slnx"));
        var missing =
            from folder in new[] { "src", "charms", "tests", "bench" }
            from file in Repository.Files(folder, "*.csproj")
            let path = Path.GetRelativePath(Repository.Root, file)
            where !solution.Contains($"\"{path}\"", StringComparison.Ordinal)
            select path;

        Assert.Empty(missing);
    }

    static IEnumerable<string> References(string file) =>
        from reference in XDocument.Load(file).Descendants("ProjectReference")
        select Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!);
}
