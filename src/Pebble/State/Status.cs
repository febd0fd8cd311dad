namespace Pebble.State;

/// <summary>Where a task, or a change as the sum of its tasks, stands. The numbers are those of the state file.</summary>
enum Status
{
    /// <summary>Of a change: derived from its tasks.</summary>
    Default = 0,
    Hold = 1,
    Do = 2,
    Doing = 3,
    Done = 4,
    Abort = 5,
    Undo = 6,
    Undoing = 7,
    Undone = 8,
    Error = 9,
}

static class Statuses
{
    /// <summary>A change has the first of these which one of its tasks has.</summary>
    public static readonly Status[] ByPriority =
    [
        Status.Abort, Status.Undoing, Status.Undo, Status.Doing, Status.Do, Status.Error, Status.Undone, Status.Done, Status.Hold,
    ];

    /// <summary>Nothing more will happen.</summary>
    public static bool IsReady(this Status status) => status is Status.Done or Status.Undone or Status.Hold or Status.Error;

    public static string Name(this Status status) => status switch
    {
        Status.Default => "Default",
        Status.Hold => "Hold",
        Status.Do => "Do",
        Status.Doing => "Doing",
        Status.Done => "Done",
        Status.Abort => "Abort",
        Status.Undo => "Undo",
        Status.Undoing => "Undoing",
        Status.Undone => "Undone",
        Status.Error => "Error",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
