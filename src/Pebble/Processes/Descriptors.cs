using System.Runtime.InteropServices;

namespace Pebble.Processes;

/// <summary>Plain reads and writes on file descriptors.</summary>
static unsafe class Descriptors
{
    /// <summary>Writes all of it, waiting as long as that takes; false if nobody can read it any more.</summary>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count;
            fixed (byte* from = bytes)
            {
                count = Libc.write(descriptor, from, bytes.Length);
            }

            if (count >= 0)
            {
                bytes = bytes[(int)count..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.Interrupted:
                    break;
                case Libc.TryAgain:
                    var wanted = new PollRequest { Descriptor = descriptor, Events = PollRequest.Writable };
                    _ = Libc.poll(&wanted, 1, -1);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Bytes written; 0 when there is no room now; -1 when nobody can read them any more.</summary>
    public static int TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint count;
            fixed (byte* from = bytes)
            {
                count = Libc.write(descriptor, from, bytes.Length);
            }

            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.Interrupted:
                    continue;
                case Libc.TryAgain:
                    return 0;
                default:
                    return -1;
            }
        }
    }

    /// <summary>Bytes read; 0 at the end; -1 when there is nothing now.</summary>
    public static int Read(int descriptor, Span<byte> into)
    {
        while (true)
        {
            nint count;
            fixed (byte* to = into)
            {
                count = Libc.read(descriptor, to, into.Length);
            }

            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.Interrupted:
                    continue;
                case Libc.TryAgain:
                    return -1;
                default:
                    // A terminal whose other side is closed answers EIO: that is its end.
                    return 0;
            }
        }
    }

    /// <summary>A pipe whose ends children do not inherit by themselves.</summary>
    /// <summary>What this process was given beside its three is not for its children. (Linux 5.11; else they get it.)</summary>
    public static void KeepInherited()
    {
        const int CloseOnExecRange = 4;
        _ = Libc.close_range(3, uint.MaxValue, CloseOnExecRange);
    }

    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        return Libc.pipe2(ends, Libc.CloseOnExec) == 0
            ? (ends[0], ends[1])
            : throw new IOException($"cannot make a pipe: {Libc.LastErrorText()}");
    }
}

[StructLayout(LayoutKind.Sequential)]
struct PollRequest
{
    public const short Readable = 1;
    public const short Writable = 4;

    public int Descriptor;
    public short Events;
    public short Returned;
}
