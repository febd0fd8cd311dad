namespace Tree.Tests;

/// <summary>The source tree these tests read: the folder that holds CharmedDiscourse.slnx, above the test program.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Files below <paramref name="folder"/> that match, without build output.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = PathOf(folder);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories) : [];
    }

    static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CharmedDiscourse.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("CharmedDiscourse.slnx is not above the test program; run the tests from the build tree");
    }
}
