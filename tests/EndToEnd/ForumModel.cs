using System.Text.Json;

[assembly: AssemblyFixture(typeof(EndToEnd.ForumModel))]
// One model, which the tests change: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EndToEnd;

/// <summary>The whole model of bundle.yaml, brought up by <c>./discourse up</c> in a home of its own and destroyed at the end.</summary>
public sealed class ForumModel : IAsyncLifetime
{
    const string Name = "forum";
    readonly string home = Directory.CreateTempSubdirectory("discourse-e2e-").FullName;

    ForumVisitor? admin;

    static string Root { get; } = FindRoot();

    /// <summary>What the first <c>./discourse up</c> printed.</summary>
    public string UpOutput { get; private set; } = "";

    Dictionary<string, string> Environment => new()
    {
        ["JUJU_LOCAL_HOME"] = home,
        ["DISCOURSE_MODEL"] = Name,
        ["NO_COLOR"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        try
        {
            UpOutput = (await DiscourseAsync("up")).Text;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        admin?.Dispose();
        await RunAsync(TimeSpan.FromMinutes(2), CancellationToken.None, Juju, "kill-controller", "--no-prompt");
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static string Juju => Path.Combine(Root, "out", "bin", "juju-local");

    /// <summary>The packed charm of that name.</summary>
    internal static string CharmPath(string name) => Path.Combine(Root, "out", "charms", $"{name}.charm");

    /// <summary>Runs <c>./discourse ARGUMENT...</c>.</summary>
    internal Task<Outcome> DiscourseAsync(params string[] arguments) =>
        RunAsync(TimeSpan.FromMinutes(6), TestContext.Current.CancellationToken, [Path.Combine(Root, "discourse"), .. arguments]);

    /// <summary>Runs <c>juju-local VERB --model forum ARGUMENT...</c>.</summary>
    internal Task<Outcome> JujuAsync(string verb, params string[] arguments) =>
        RunAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken, [Juju, verb, "--model", Name, .. arguments]);

    /// <summary>Runs <c>juju-local VERB</c> with a terminal of its own.</summary>
    internal Task<Outcome> OnTerminalAsync(string verb) =>
        RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken, "script", "-q", "-e", "-c", $"{Juju} {verb}", "/dev/null");

    /// <summary>Runs an action on a unit and returns its results.</summary>
    internal async Task<JsonElement> RunActionAsync(string unit, string action, params string[] parameters)
    {
        var outcome = await JujuAsync("run", ["--format", "json", unit, action, .. parameters]);
        return JsonDocument.Parse(outcome.Text).RootElement.GetProperty(unit).GetProperty("results");
    }

    /// <summary>An admin who is logged in, the same for all tests: the forum limits logins per minute.</summary>
    internal async Task<ForumVisitor> AdminAsync()
    {
        if (admin is null)
        {
            await AddAdminAsync("admin@example.com", "a-long-enough-password");
            admin = await LogInAgainAsync();
        }

        return admin;
    }

    internal async Task<ForumVisitor> LogInAgainAsync() =>
        admin = await ForumVisitor.LogInAsync(await ForumUrlAsync(), "admin@example.com", "a-long-enough-password");

    /// <summary>Makes an admin.</summary>
    internal Task AddAdminAsync(string email, string password) =>
        RunActionAsync("discourse-k8s/0", "add-admin-user", $"email={email}", $"password={password}");

    /// <summary>Ends the controller's process with SIGKILL.</summary>
    internal void KillController()
    {
        var own = from process in System.Diagnostics.Process.GetProcessesByName("juju-local")
                  where ReadOrEmpty($"/proc/{process.Id}/cmdline").Contains("controller\0", StringComparison.Ordinal)
                  where ReadOrEmpty($"/proc/{process.Id}/environ").Contains(home, StringComparison.Ordinal)
                  select process;
        Assert.Single(own.ToList()).Kill();
    }

    static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    internal async Task<JsonElement> StatusAsync() => JsonDocument.Parse((await JujuAsync("status", "--format", "json")).Text).RootElement;

    /// <summary>Address of a unit, such as 10.1.0.5.</summary>
    internal async Task<string> AddressOfAsync(string unit)
    {
        var status = await StatusAsync();
        return status.GetProperty("applications").GetProperty(unit.Split('/')[0]).GetProperty("units").GetProperty(unit).GetProperty("address").GetString()!;
    }

    /// <summary>The forum's address through the ingress, as a person would type it.</summary>
    internal async Task<Uri> ForumUrlAsync() => new($"http://{await AddressOfAsync("nginx-ingress-integrator/0")}/");

    /// <summary>Waits until every unit is active and idle, for some seconds.</summary>
    internal Task SettleAsync() => UntilAsync("every unit is active and idle", async () => AllUnits(await StatusAsync())
        .All(u => StatusOf(u, "workload-status") == "active" && StatusOf(u, "juju-status") == "idle"));

    /// <summary>Waits until a condition holds; fails with its name and the status of the model after two minutes.</summary>
    internal async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2))
            {
                Assert.Fail($"not so after two minutes: {what}\n{(await JujuAsync("status")).Output}\n{(await JujuAsync("debug-log", "--limit", "60")).Output}");
            }

            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    internal static IEnumerable<JsonElement> AllUnits(JsonElement status) =>
        from app in status.GetProperty("applications").EnumerateObject()
        where app.Value.TryGetProperty("units", out _)
        from unit in app.Value.GetProperty("units").EnumerateObject()
        select unit.Value;

    internal static IEnumerable<JsonElement> UnitsOf(JsonElement status, string application) =>
        status.GetProperty("applications").GetProperty(application).GetProperty("units").EnumerateObject().Select(u => u.Value);

    internal static string StatusOf(JsonElement unit, string kind) => unit.GetProperty(kind).GetProperty("current").GetString()!;

    internal static string MessageOf(JsonElement unit, string kind) =>
        unit.GetProperty(kind).TryGetProperty("message", out var message) ? message.GetString()! : "";

    Task<Outcome> RunAsync(TimeSpan limit, CancellationToken cancellation, params string[] command) =>
        Shell.RunAsync(Root, Environment, limit, cancellation, command);

    static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "bundle.yaml")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("bundle.yaml is not above the test program");
    }
}
