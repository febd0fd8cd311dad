namespace Pebble.Files;

/// <summary>Path arithmetic by Go's rules, which the API's results follow.</summary>
/// <remarks>Source: the documentation of Go's package path.</remarks>
static class GoPath
{
    public static bool IsAbsolute(string path) => path.StartsWith('/');

    /// <summary>The shortest equivalent: no "//", no "." and no "..".</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>All but the last element, cleaned: "/a/b/" gives "/a/b".</summary>
    public static string Directory(string path) => Clean(path[..(path.LastIndexOf('/') + 1)]);

    /// <summary>The last element: "/a/b/" gives "b".</summary>
    public static string Base(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }
}
