using System.Globalization;

namespace Juju.Local.Sandboxes;

/// <summary>A container's first process, recognised by when it started: process ids are used again.</summary>
readonly record struct SandboxProcess(int Id, long StartTime)
{
    public bool IsRunning => StartTimeOf(Id) == StartTime;

    public string Root => $"/proc/{Id}/root";

    public static SandboxProcess Of(int id) => new(id, StartTimeOf(id) ?? 0);

    /// <summary>The processes right under it: what runs the container's program.</summary>
    public IReadOnlyList<int> Children()
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    // Field 22 of proc(5) stat; a zombie has ended already. The name before may hold anything but ends with the last bracket.
    static long? StartTimeOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
