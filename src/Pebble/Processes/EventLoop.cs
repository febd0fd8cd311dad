using System.Runtime.InteropServices;

namespace Pebble.Processes;

/// <summary>One thread that waits for pipes and terminals to become readable or writable (epoll), and carries on there.</summary>
sealed unsafe class EventLoop
{
    const int Add = 1;
    const int Modify = 3;
    const int MostEvents = 64;

    // The kernel's struct is packed on x86-64 only.
    static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    static readonly int TokenOffset = EventSize - 8;

    readonly int epoll = Libc.epoll_create1(Libc.CloseOnExec);
    readonly Dictionary<long, AsyncDescriptor> descriptors = [];
    long lastToken;

    public EventLoop()
    {
        new Thread(Run, 256 * 1024) { Name = "events", IsBackground = true }.Start();
    }

    public long Register(AsyncDescriptor descriptor)
    {
        lock (descriptors)
        {
            var token = ++lastToken;
            descriptors.Add(token, descriptor);
            Control(Add, descriptor.Number, 0, token);
            return token;
        }
    }

    /// <summary>Closing the descriptor takes it out of epoll by itself.</summary>
    public void Forget(long token)
    {
        lock (descriptors)
        {
            descriptors.Remove(token);
        }
    }

    public void Arm(int descriptor, uint events, long token) => Control(Modify, descriptor, events, token);

    void Control(int operation, int descriptor, uint events, long token)
    {
        var buffer = stackalloc byte[16];
        *(uint*)buffer = events;
        *(long*)(buffer + TokenOffset) = token;
        if (Libc.epoll_ctl(epoll, operation, descriptor, buffer) != 0)
        {
            throw new IOException($"cannot wait for descriptor {descriptor}: {Libc.LastErrorText()}");
        }
    }

    void Run()
    {
        var events = stackalloc byte[16 * MostEvents];
        while (true)
        {
            var count = Libc.epoll_wait(epoll, events, MostEvents, -1);
            for (var index = 0; index < count; index++)
            {
                var each = events + (index * EventSize);
                AsyncDescriptor? descriptor;
                lock (descriptors)
                {
                    descriptors.TryGetValue(*(long*)(each + TokenOffset), out descriptor);
                }

                descriptor?.Ready(*(uint*)each);
            }
        }
    }
}
