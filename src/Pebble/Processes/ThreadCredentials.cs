using System.Runtime.InteropServices;
using Pebble.Accounts;

namespace Pebble.Processes;

/// <summary>
/// User and group of the calling thread alone. The C library's own functions would change the whole process; the system
/// calls below them do not.
/// </summary>
static class ThreadCredentials
{
    static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // Numbers of the system calls: x86-64 and arm64.
    static nint SetGroups => IsArm ? 159 : 116;

    static nint SetGroupId => IsArm ? 149 : 119;

    static nint SetUserId => IsArm ? 147 : 117;

    /// <summary>There is no way back: end the thread afterwards.</summary>
    /// <exception cref="SpawnError">This process may not do that.</exception>
    public static void Become(Ownership identity, string executable)
    {
        var (user, group) = ((nint)identity.UserId, (nint)identity.GroupId);
        if (Libc.syscall(SetGroups, 0, 0, 0) != 0
            || Libc.syscall(SetGroupId, group, group, group) != 0
            || Libc.syscall(SetUserId, user, user, user) != 0)
        {
            throw new SpawnError($"fork/exec {executable}: {Libc.LastErrorText()}");
        }
    }
}
