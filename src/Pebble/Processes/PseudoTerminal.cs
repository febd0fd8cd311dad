using System.Globalization;
using Pebble.Accounts;

namespace Pebble.Processes;

/// <summary>A pseudo-terminal: what is written to one side is read from the other.</summary>
sealed unsafe class PseudoTerminal
{
    const nuint SetWindowSize = 0x5414;
    const nuint UnlockSlave = 0x40045431;
    const nuint GetNumber = 0x80045430;

    PseudoTerminal(int master, int slave, string path)
    {
        (Master, Slave, Path) = (master, slave, path);
    }

    /// <summary>Our side. Whoever opens the terminal closes it.</summary>
    public int Master { get; }

    /// <summary>The command's side.</summary>
    public int Slave { get; }

    /// <summary>Such as /dev/pts/3.</summary>
    public string Path { get; }

    /// <exception cref="IOException">There is none left.</exception>
    public static PseudoTerminal Open(Ownership? owner)
    {
        const int Flags = Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec;
        var master = Libc.open("/dev/ptmx", Flags, 0);
        int unlock = 0;
        int number;
        if (master < 0 || Libc.ioctl(master, UnlockSlave, &unlock) != 0 || Libc.ioctl(master, GetNumber, &number) != 0)
        {
            throw Failed(master);
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}");
        var slave = Libc.open(path, Flags, 0);
        if (slave < 0)
        {
            throw Failed(master);
        }

        if (owner is { } user)
        {
            // As it is when a user logs in: the command may open its own terminal.
            _ = Libc.fchown(slave, (uint)user.UserId, (uint)user.GroupId);
        }

        return new PseudoTerminal(master, slave, path);
    }

    public void Resize(int width, int height)
    {
        var size = stackalloc ushort[4];
        size[0] = (ushort)height;
        size[1] = (ushort)width;
        _ = Libc.ioctl(Master, SetWindowSize, size);
    }

    static IOException Failed(int master)
    {
        var error = new IOException($"cannot open a terminal: {Libc.LastErrorText()}");
        _ = master >= 0 ? Libc.close(master) : 0;
        return error;
    }
}
