using System.Runtime.CompilerServices;

namespace Ops.Generators.Tests;

/// <summary>What is generated, compared whole. UPDATE_GOLDEN=1 rewrites the expectation; review it as code.</summary>
public sealed class GoldenTests
{
    [Fact]
    public async Task A_charm_with_one_of_everything()
    {
        var yaml = await File.ReadAllTextAsync(PathOf("Golden/charmcraft.yaml"));

        var generated = await Generated.FromAsync(
            """
            namespace Zoo;

            public sealed partial class ParrotCharm(Ops.Framework framework) : Ops.CharmBase(framework);
            """,
            ("charmcraft.yaml", yaml));

        Assert.Empty(generated.Messages);
        await CompareAsync("Golden/ParrotCharm.txt", generated.Source);
    }

    [Fact]
    public async Task Every_diagnostic_points_to_its_place_in_the_yaml()
    {
        var yaml = await File.ReadAllTextAsync(PathOf("Golden/wrong.charmcraft.yaml"));

        var generated = await Generated.FromAsync(
            "sealed partial class WrongCharm(Ops.Framework framework) : Ops.CharmBase(framework);", ("wrong.charmcraft.yaml", yaml));

        await CompareAsync("Golden/wrong.diagnostics.txt", string.Join('\n', generated.Messages.Where(m => m.StartsWith("OPS", StringComparison.Ordinal))) + "\n");
    }

    static async Task CompareAsync(string file, string actual)
    {
        var path = PathOf(file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, actual);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), actual);
    }

    static string PathOf(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);
}
