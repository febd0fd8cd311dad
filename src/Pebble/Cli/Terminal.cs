using System.Runtime.InteropServices;
using Pebble.Processes;

namespace Pebble.Cli;

/// <summary>The terminal this program runs in, if there is one.</summary>
static unsafe class Terminal
{
    public const int Input = 0;
    public const int Output = 1;

    const nuint GetAttributes = 0x5401;
    const nuint SetAttributes = 0x5402;
    const nuint GetWindowSize = 0x5413;

    public static bool IsTerminal(int descriptor)
    {
        Attributes attributes;
        return Libc.ioctl(descriptor, GetAttributes, &attributes) == 0;
    }

    public static (int Width, int Height) Size()
    {
        WindowSize size;
        return Libc.ioctl(Output, GetWindowSize, &size) == 0 ? (size.Columns, size.Rows) : default;
    }

    /// <summary>Every key goes through as it is, until disposed. Null if the terminal does not let itself.</summary>
    /// <remarks>Source: cfmakeraw in termios(3).</remarks>
    public static IDisposable? MakeRaw()
    {
        const uint InputFlags = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
        const uint LocalFlags = 0x8 | 0x40 | 0x2 | 0x1 | 0x8000;
        const uint SizeAndParity = 0x30 | 0x100;
        const uint EightBits = 0x30;

        Attributes before;
        if (Libc.ioctl(Input, GetAttributes, &before) != 0)
        {
            return null;
        }

        var raw = before;
        raw.Input &= ~InputFlags;
        raw.Output &= ~1u;
        raw.Local &= ~LocalFlags;
        raw.Control = (raw.Control & ~SizeAndParity) | EightBits;
        raw.Characters[6] = 1;
        raw.Characters[5] = 0;
        _ = Libc.ioctl(Input, SetAttributes, &raw);
        return new Restoring(before);
    }

    /// <summary>Bytes of standard input; 0 at its end.</summary>
    public static int Read(Span<byte> into)
    {
        while (true)
        {
            var count = Descriptors.Read(Input, into);
            if (count >= 0)
            {
                return count;
            }

            // Somebody made it non-blocking: wait as if it were not.
            var wanted = new PollRequest { Descriptor = Input, Events = PollRequest.Readable };
            _ = Libc.poll(&wanted, 1, -1);
        }
    }

    /// <summary>True if standard output and standard error lead to the same place, so that their order should be kept.</summary>
    public static bool OutputsAreOne() =>
        Target(1) is { } output && output == Target(2);

    static string? Target(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;

    sealed class Restoring(Attributes attributes) : IDisposable
    {
        public void Dispose()
        {
            var before = attributes;
            _ = Libc.ioctl(Input, SetAttributes, &before);
        }
    }

    /// <summary>The kernel's struct termios.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Attributes
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Characters[19];
    }

    [StructLayout(LayoutKind.Sequential)]
    struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}
