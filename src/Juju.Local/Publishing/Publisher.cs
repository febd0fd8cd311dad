using System.Diagnostics;
using System.Globalization;
using Juju.Local.Api;
using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;

namespace Juju.Local.Publishing;

/// <summary>
/// Keeps a forwarder for each published port of a model, and tells it the units. The folder of files is the record of
/// what runs: beside a port's units is the process that forwards to them, which a new controller finds again.
/// </summary>
sealed class Publisher(Model model, string folder) : IDisposable
{
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    // Only the first line of output is read, then the forwarder is on its own.
    const string Launch = """setsid "$@" </dev/null 2>>"$0" &""";

    readonly SemaphoreSlim gate = new(1);

    /// <summary>Until it is cancelled: what is published is what the model says. Then the forwarders go on alone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var said = "";
        while (true)
        {
            var version = model.Version;
            var problem = await ReconcileAsync(model.State, cancellation);
            if (problem is not null && problem != said)
            {
                model.Log.Add("controller", "ERROR", "juju.worker.firewaller", problem);
            }

            said = problem ?? "";
            if (problem is null)
            {
                await model.WaitAsync(version, cancellation);
            }
            else
            {
                await model.WaitAsync(version, Retry, cancellation);
            }
        }
    }

    /// <summary>Opens the ports before the model says so, to tell who asked when one is in use.</summary>
    /// <exception cref="ControllerException">A port cannot be opened.</exception>
    public async Task OpenAsync(string application, IReadOnlyList<PublishedPort> ports, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            foreach (var port in ports)
            {
                await EnsureAsync(model.State, application, port, cancellation);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends all forwarders.</summary>
    public async Task CloseAllAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            foreach (var file in Files())
            {
                Close(file);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    async Task<string?> ReconcileAsync(ModelState state, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder) && state.Applications.Values.All(application => application.Published.IsEmpty))
        {
            return null;
        }

        await gate.WaitAsync(cancellation);
        try
        {
            // The model of now: a port that was opened for a request that then changed the model is wanted.
            state = model.State;
            var wanted = (from application in state.Applications.Values from port in application.Published select (application.Name, port)).ToList();
            foreach (var file in Files().Except(wanted.Select(each => FileOf(each.port))))
            {
                Close(file);
            }

            string? problem = null;
            foreach (var (application, port) in wanted)
            {
                try
                {
                    await EnsureAsync(state, application, port, cancellation);
                }
                catch (ControllerException refused)
                {
                    problem = refused.Message;
                }
            }

            return problem;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task EnsureAsync(ModelState state, string application, PublishedPort port, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var file = FileOf(port);
        var units = string.Concat(
            from unit in state.UnitsOf(application)
            where unit.Address is not null && unit.Life == Life.Alive
            select string.Create(CultureInfo.InvariantCulture, $"{unit.Address}:{port.UnitPort}\n"));
        if (!File.Exists(file) || await File.ReadAllTextAsync(file, cancellation) != units)
        {
            await File.WriteAllTextAsync(file + ".new", units, cancellation);
            File.Move(file + ".new", file, overwrite: true);
        }

        if (Find(file) is null)
        {
            await StartAsync(port, file);
        }
    }

    static async Task StartAsync(PublishedPort port, string file)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Launch, file + ".log", Path.Combine(AppContext.BaseDirectory, "juju-local"), "forward", port.ToString(), file])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadLineAsync(CancellationToken.None) ?? "it ended; see " + file + ".log";
        await process.WaitForExitAsync(CancellationToken.None);
        if (!answer.StartsWith("ready ", StringComparison.Ordinal))
        {
            File.Delete(file);
            throw new ControllerException(
                ErrorCode.AlreadyExists, $"cannot publish {port.Address}:{port.Port}: {answer}; end what listens there (ss -ltnp shows it), or publish another port");
        }

        var forwarder = SandboxProcess.Of(int.Parse(answer.AsSpan("ready ".Length), CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(file + ".process", string.Create(CultureInfo.InvariantCulture, $"{forwarder.Id} {forwarder.StartTime}"), CancellationToken.None);
    }

    static SandboxProcess? Find(string file) =>
        File.Exists(file + ".process") && File.ReadAllText(file + ".process").Split(' ') is [var id, var startTime]
        && new SandboxProcess(int.Parse(id, CultureInfo.InvariantCulture), long.Parse(startTime, CultureInfo.InvariantCulture)) is { IsRunning: true } process
            ? process : null;

    static void Close(string file)
    {
        if (Find(file) is { } process)
        {
            Signals.Send(process.Id, Signals.Kill);
        }

        foreach (var part in new[] { "", ".process", ".log" })
        {
            File.Delete(file + part);
        }
    }

    string FileOf(PublishedPort port) => Path.Combine(folder, port.ToString().Replace('/', '+'));

    IReadOnlyList<string> Files() => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is not (".process" or ".log" or ".new"))] : [];
}
