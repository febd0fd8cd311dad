namespace Juju.Local.Tests;

/// <summary>
/// Whole outputs kept as files in Golden/ and compared whole. <c>UPDATE_GOLDEN=1</c> writes them anew; review them as code.
/// </summary>
static class Golden
{
    static readonly string Folder = Path.Combine(Repository.Root, "tests/Juju.Local.Tests/Golden");

    public static void Check(string name, string actual)
    {
        var path = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; run the test with UPDATE_GOLDEN=1 and review what it writes");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}

static class Repository
{
    public static string Root { get; } = FindRoot();

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CharmedDiscourse.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the test does not run inside the repository");
        }

        return folder;
    }
}
