using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ForumBench.Measuring;

/// <summary>What wrk measured.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Errors">Answers other than 2xx and 3xx, and broken connections.</param>
sealed record Load(double PerSecond, double Median, double P99, int Errors);

static partial class Wrk
{
    /// <summary>As many requests as go, from so many connections at once.</summary>
    public static async Task<Load> RunAsync(Uri url, int connections, int seconds, IEnumerable<string> headers, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        string[] arguments = ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", .. headers.SelectMany(header => new[] { "-H", header }), url.ToString()];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot start wrk; get it with: apt-get install wrk");
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var errors = Failures().Matches(output).Sum(match => match.Groups[1].Value.Split(',').Sum(part => int.TryParse(part.Split(' ')[^1], out var count) ? count : 0));
        return new Load(Number(PerSecond().Match(output).Groups[1].Value), Milliseconds(Half().Match(output)), Milliseconds(Most().Match(output)), errors);
    }

    static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static double Milliseconds(Match match) => Number(match.Groups[1].Value) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "s" => 1000,
        _ => 1,
    };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Half();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Most();

    [GeneratedRegex(@"(?:Non-2xx or 3xx responses|Socket errors): (.*)")]
    private static partial Regex Failures();
}
