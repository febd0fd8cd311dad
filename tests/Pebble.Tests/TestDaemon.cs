using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Pebble.Tests;

/// <summary>
/// A real daemon: the built program in a temporary folder, stopped and removed at the end. Layers are literal YAML by file
/// name; <see cref="Environment"/> may be added to before <see cref="StartAsync"/>.
/// </summary>
sealed class TestDaemon : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly StringBuilder output = new();
    Process? process;

    public TestDaemon()
    {
        Folder = Directory.CreateTempSubdirectory("pebble-").FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "layers"));
        SocketPath = Path.Combine(Folder, ".pebble.socket");
        Client = MakeClient(SocketPath);
    }

    /// <summary>$PEBBLE of the daemon.</summary>
    public string Folder { get; }

    public string SocketPath { get; }

    public HttpClient Client { get; }

    /// <summary>Added to the environment of the daemon and of <see cref="CliAsync"/>.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public int ProcessId => process!.Id;

    /// <summary>What the daemon wrote to both of its outputs so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>The program that was built with the tests.</summary>
    public static string Executable { get; } = FindExecutable();

    /// <summary>A daemon that answers, with these layers (or none), started with --hold unless told otherwise.</summary>
    public static async Task<TestDaemon> StartNewAsync(string? layer = null, params string[] options)
    {
        var daemon = new TestDaemon();
        if (layer is not null)
        {
            daemon.WriteLayer("001-base.yaml", layer);
        }

        await daemon.StartAsync(options.Length == 0 ? ["--hold"] : options);
        return daemon;
    }

    public void WriteLayer(string fileName, string yaml) => File.WriteAllText(Path.Combine(Folder, "layers", fileName), yaml);

    public async Task StartAsync(params string[] options)
    {
        Launch(options);
        await UntilAnswersAsync();
    }

    /// <summary>Waits until the daemon that was launched answers.</summary>
    public Task UntilAnswersAsync() =>
        UntilAsync(async () =>
        {
            Assert.False(process!.HasExited, $"the daemon ended: {Output}");
            try
            {
                await Client.GetStringAsync("/v1/system-info");
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

    /// <summary>Starts the daemon without waiting for its first answer.</summary>
    public void Launch(params string[] options) => LaunchUnder([], ["run", .. options]);

    /// <summary>Starts the program below another, such as unshare with its options.</summary>
    public void LaunchUnder(string[] wrapper, params string[] arguments)
    {
        process = Process.Start(wrapper.Length == 0
            ? StartInfo(Executable, arguments)
            : StartInfo(wrapper[0], [.. wrapper[1..], Executable, .. arguments]))!;
        process.StandardInput.Close();
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Collect(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }
    }

    /// <summary>The exit code of the daemon, which is about to end by itself.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await process!.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Ends the daemon as an operator does, and returns its exit code.</summary>
    public Task<int> TerminateAsync()
    {
        Signal("TERM");
        return ExitCodeAsync();
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await ExitCodeAsync();
    }

    public void Signal(string name) => Assert.Equal(0, Shell($"kill -{name} {ProcessId}").ExitCode);

    public async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await Client.GetAsync(path));

    /// <summary>Posts JSON; <paramref name="json"/> may be anything, to see what the daemon makes of it.</summary>
    public async Task<Answer> PostAsync(string path, string json) =>
        await Answer.ReadAsync(await Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json")));

    /// <summary>Adds (or combines into) a layer.</summary>
    public async Task<Answer> AddLayerAsync(string yaml, string label = "added", bool combine = true) =>
        await PostAsync("/v1/layers", $$"""
            {"action": "add", "combine": {{(combine ? "true" : "false")}}, "label": {{Json(label)}}, "format": "yaml", "layer": {{Json(yaml)}}}
            """);

    /// <summary>Posts, and waits for the change that this makes.</summary>
    public async Task<JsonElement> ChangeAsync(string path, string json)
    {
        var answer = await PostAsync(path, json);
        Assert.True(answer.Status == 202, answer.Text);
        return await WaitAsync(answer.Change!);
    }

    /// <summary>Does an action to services, and waits for the change.</summary>
    public Task<JsonElement> ServicesAsync(string action, params string[] names) =>
        ChangeAsync("/v1/services", $$"""{"action": {{Json(action)}}, "services": [{{string.Join(',', names.Select(Json))}}]}""");

    public async Task<JsonElement> WaitAsync(string change)
    {
        var answer = await GetAsync($"/v1/changes/{change}/wait?timeout=30s");
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Result;
    }

    /// <summary>The entry of one service in GET /v1/services.</summary>
    public async Task<JsonElement> ServiceAsync(string name) => (await GetAsync($"/v1/services?names={name}")).Result[0];

    /// <summary>The status word of a service.</summary>
    public async Task<string> StatusAsync(string name) => (await ServiceAsync(name)).GetProperty("current").GetString()!;

    public Task UntilStatusAsync(string name, string status) => UntilAsync(async () => await StatusAsync(name) == status);

    /// <summary>The lines logged so far, oldest first.</summary>
    public async Task<IReadOnlyList<string>> LogsAsync(string service)
    {
        var text = await Client.GetStringAsync($"/v1/logs?n=-1&services={service}");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!)];
    }

    /// <summary>Runs the CLI against this daemon.</summary>
    public async Task<CliResult> CliAsync(params string[] arguments)
    {
        using var cli = Process.Start(StartInfo(Executable, arguments))!;
        cli.StandardInput.Close();
        var stdout = cli.StandardOutput.ReadToEndAsync();
        var stderr = cli.StandardError.ReadToEndAsync();
        await cli.WaitForExitAsync().WaitAsync(Patience);
        return new(cli.ExitCode, await stdout, await stderr);
    }

    public int OpenDescriptors() => Directory.GetFileSystemEntries($"/proc/{ProcessId}/fd").Length;

    /// <summary>The daemon's children, by the kernel's account.</summary>
    public IReadOnlyList<int> Children() =>
        [.. Directory.GetDirectories($"/proc/{ProcessId}/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    public string PathOf(string name) => Path.Combine(Folder, name);

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            Signal("TERM");
            try
            {
                await process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process?.Dispose();
        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Waits for a condition, looking often, with a deadline.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(began.Elapsed < Patience, "what was awaited did not happen");
            await Task.Delay(10);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static string Json(string text) => JsonEncodedText.Encode(text) is var encoded ? $"\"{encoded}\"" : "";

    public static CliResult Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = shell.StandardOutput.ReadToEnd();
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return new(shell.ExitCode, text, errors);
    }

    /// <summary>An HTTP client that speaks through the socket.</summary>
    public static HttpClient MakeClient(string socketPath) => new(MakeHandler(socketPath))
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static SocketsHttpHandler MakeHandler(string socketPath) => new()
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    ProcessStartInfo StartInfo(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PEBBLE"] = Folder;
        info.Environment["PEBBLE_SOCKET"] = SocketPath;
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    static string FindExecutable()
    {
        // artifacts/bin/Pebble.Tests/release/ -> artifacts/bin/Pebble/release/pebble
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(folder.Parent!.Parent!.FullName, "Pebble", folder.Name, "pebble");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: build src/Pebble first");
    }
}

/// <summary>A reply of the API.</summary>
sealed record Answer(int Status, string Text, JsonElement Envelope)
{
    public JsonElement Result => Envelope.GetProperty("result");

    public string? Change => Envelope.TryGetProperty("change", out var change) ? change.GetString() : null;

    /// <summary>The message of an error.</summary>
    public string Message => Result.GetProperty("message").GetString()!;

    public string? Kind => Result.TryGetProperty("kind", out var kind) ? kind.GetString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        return new((int)response.StatusCode, text, isJson ? JsonDocument.Parse(text).RootElement : default);
    }
}

/// <summary>How a program ended and what it wrote.</summary>
sealed record CliResult(int ExitCode, string Output, string Error);
