namespace Ops.Events;

/// <summary>The names of ops for Juju's hooks and actions.</summary>
static class EventName
{
    public static string OfHook(string hook) => hook.Replace('-', '_');

    public static string OfAction(string action) => action.Replace('-', '_') + "_action";
}
