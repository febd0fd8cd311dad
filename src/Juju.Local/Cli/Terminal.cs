using System.Text;
using Juju.Local.Cli.Output;
using Microsoft.Win32.SafeHandles;

namespace Juju.Local.Cli;

/// <summary>Where a command reads and writes, and what the environment says. The one place that reads variables.</summary>
sealed record Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public required ControllerHome Home { get; init; }

    /// <summary>Standard output is a terminal, so colours and following make sense.</summary>
    public bool OutIsTerminal { get; init; }

    public bool InIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary><c>NO_COLOR</c> is set (https://no-color.org).</summary>
    public bool NoColour { get; init; }

    /// <summary><c>JUJU_MODEL</c>.</summary>
    public string? Model { get; init; }

    /// <summary><c>TERM</c>: what kind of terminal it is, for programs in a container.</summary>
    public string? Kind { get; init; }

    /// <summary><c>JUJU_LOCAL_CHARMS</c>: folders, separated by colons, that built-in charms are taken from.</summary>
    public string? CharmFolders { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the reader is; null: as the machine is set.</summary>
    public TimeZoneInfo? Zone { get; init; }

    public bool Colour => OutIsTerminal && !NoColour;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone ?? TimeZoneInfo.Local);

    /// <summary>The process's own standard streams, as UTF-8.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(false);
        return new Terminal
        {
            Out = new StreamWriter(new StandardStream(1), utf8, 16 * 1024) { NewLine = "\n" },
            Error = new StreamWriter(new StandardStream(2), utf8, 1024) { AutoFlush = true, NewLine = "\n" },
            In = new LazyInput(),
            Home = ControllerHome.FromEnvironment(),
            OutIsTerminal = !Console.IsOutputRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            NoColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb",
            Model = Environment.GetEnvironmentVariable("JUJU_MODEL") is { Length: > 0 } model ? model : null,
            Kind = Environment.GetEnvironmentVariable("TERM"),
            CharmFolders = Environment.GetEnvironmentVariable("JUJU_LOCAL_CHARMS") is { Length: > 0 } folders ? folders : null,
        };
    }

    // Opening the console's reader costs milliseconds, and few commands read. On a terminal it is left alone, as for output.
    sealed class LazyInput : TextReader
    {
        readonly Lazy<TextReader> reader = new(() => Console.IsInputRedirected
            ? Console.In
            : new StreamReader(new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0)));

        public override string? ReadLine() => reader.Value.ReadLine();

        public override string ReadToEnd() => reader.Value.ReadToEnd();

        public override int Read() => reader.Value.Read();
    }
}
