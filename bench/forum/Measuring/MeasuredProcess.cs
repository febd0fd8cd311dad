using System.Diagnostics;
using System.Globalization;

namespace ForumBench.Measuring;

/// <summary>A server process of ours, ended with us.</summary>
sealed class MeasuredProcess : IAsyncDisposable
{
    readonly Process _process;

    MeasuredProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>From the start of the process to the first page, seconds.</summary>
    public double StartSeconds { get; private init; }

    /// <summary>MiB that are in memory now.</summary>
    public double ResidentMiB => Status("VmRSS");

    /// <summary>MiB that were in memory at most.</summary>
    public double PeakMiB => Status("VmHWM");

    /// <summary>Seconds of processor time so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts a program that listens on <paramref name="address"/>, and waits until <paramref name="path"/> is answered.</summary>
    public static async Task<MeasuredProcess> StartAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string> environment, Uri address, string path, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var process = Start(program, arguments, environment);
        using var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(path, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return new MeasuredProcess(process, address) { StartSeconds = Stopwatch.GetElapsedTime(begun).TotalSeconds };
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"cannot start {program}: {(process.HasExited ? $"it exited with code {process.ExitCode}" : $"it did not answer {path} in 60 seconds")}");
            }

            await Task.Delay(5, cancellation);
        }
    }

    /// <summary>Starts a program that writes its address as its first line.</summary>
    public static async Task<MeasuredProcess> StartAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var process = Start(program, arguments, new Dictionary<string, string>());
        var address = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"cannot start {program}: it ended");
        return new MeasuredProcess(process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    static Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {program}");
        var id = process.Id;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(id, program);
        return process;
    }

    /// <summary>Ends what an interrupted run has left.</summary>
    static void End(int id, string program)
    {
        try
        {
            using var left = Process.GetProcessById(id);
            if (left.MainModule?.FileName == program)
            {
                left.Kill();
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }

    double Status(string name) => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
