using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Servers;

namespace Forum.Tests;

/// <summary>
/// The real server on a free port, with a migrated database and a Redis database of its own. As a class fixture it is there
/// for one test class; <see cref="StartAsync(Dictionary{string, string}?)"/> makes one with other settings.
/// </summary>
public sealed class ForumApp : IAsyncLifetime
{
    readonly Dictionary<string, string> _environment;
    WebApplication? _app;

    public ForumApp()
        : this([])
    {
    }

    ForumApp(Dictionary<string, string> environment) => _environment = environment;

    public Uri Address { get; private set; } = new("http://localhost");

    public string ConnectionString { get; private set; } = "";

    /// <summary>The folder with log/, tmp/ and public/.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("test-forum-").FullName;

    internal IServiceProvider Services => _app!.Services;

    internal ForumDatabase Database => Services.GetRequiredService<ForumDatabase>();

    internal GlobalSettings Globals { get; private set; } = null!;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A server whose environment differs: DISCOURSE_* and others.</summary>
    public static async Task<ForumApp> StartAsync(Dictionary<string, string>? environment = null)
    {
        var app = new ForumApp(environment ?? []);
        await app.InitializeAsync();
        return app;
    }

    /// <summary>A database made by db:migrate.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var postgres = await PostgresServer.GetAsync();
        var name = await postgres.CreateDatabaseAsync("forum_template", template =>
            new Migrator(postgres.ConnectionString(template), _ => { }).RunAsync(Cancellation), Cancellation);
        return postgres.ConnectionString(name);
    }

    public async ValueTask InitializeAsync()
    {
        var redis = await RedisServer.GetAsync();
        ConnectionString = _environment.GetValueOrDefault("TEST_CONNECTION_STRING") ?? await NewDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(ConnectionString);
        var environment = new Dictionary<string, string>
        {
            ["DISCOURSE_DB_HOST"] = database.Host!,
            ["DISCOURSE_DB_PORT"] = database.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_DB_NAME"] = database.Database!,
            ["DISCOURSE_DB_USERNAME"] = database.Username!,
            ["DISCOURSE_DB_PASSWORD"] = database.Password!,
            ["DISCOURSE_REDIS_HOST"] = redis.Host,
            ["DISCOURSE_REDIS_PORT"] = redis.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_REDIS_DB"] = RedisServer.NextDatabase().ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_HOSTNAME"] = "forum.test",
            ["DISCOURSE_DEVELOPER_EMAILS"] = "developer@example.com",
            // What tests do in a second is more than a minute's requests.
            ["DISCOURSE_MAX_ADMIN_API_REQS_PER_MINUTE"] = "100000",
            ["DISCOURSE_MAX_USER_API_REQS_PER_MINUTE"] = "100000",
            ["DISCOURSE_ENABLE_PERFORMANCE_HTTP_HEADERS"] = "true",
            ["CONTAINER_APP_ROOT"] = Folder,
        };
        foreach (var (name, value) in _environment)
        {
            environment[name] = value;
        }

        Directory.CreateDirectory(Path.Combine(Folder, "app", "log"));
        Globals = GlobalSettings.From(environment);
        _app = ForumServer.Build(Globals, IPAddress.Loopback, 0, TimeProvider.System);
        await _app.StartAsync(Cancellation);
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>A browser without a session; it keeps cookies and follows no redirects.</summary>
    public ForumClient Anonymous() => new(Address);

    /// <summary>Makes an active member with the password "correct horse 1" plus the name.</summary>
    internal async Task<int> AddUserAsync(string username, bool admin = false, bool moderator = false, int trustLevel = 1)
    {
        var creation = Services.GetRequiredService<Forum.Users.UserCreation>();
        var administration = Services.GetRequiredService<Forum.Users.UserAdministration>();
        await Services.GetRequiredService<Forum.Settings.SiteSettings>().LoadAsync(Cancellation);
        var (id, _) = (await creation.CreateAsync(
            new Forum.Users.NewUser { Username = username, Email = username.ToLowerInvariant() + "@example.com", IsActive = true, TrustLevel = trustLevel }, Cancellation))!.Value;
        // The stored form of a known password with few iterations: tests sign in often.
        await Database.ExecuteAsync("UPDATE users SET password_hash = $2, salt = $3, password_algorithm = $4 WHERE id = $1",
            [id, FastPassword.Hash, FastPassword.Salt, FastPassword.Algorithm], Cancellation);
        await administration.ActivateAsync(id, Cancellation);
        if (admin)
        {
            await administration.GrantAdminAsync(id, -1, Cancellation);
        }

        if (moderator)
        {
            await administration.GrantModerationAsync(id, -1, Cancellation);
        }

        return id;
    }

    /// <summary>What every member made by <see cref="AddUserAsync"/> signs in with.</summary>
    public const string Password = "correct horse battery";

    static readonly Forum.Users.PasswordHash FastPassword = new(
        Convert.ToHexStringLower(System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            System.Text.Encoding.UTF8.GetBytes(Password), "salt"u8.ToArray(), 10, System.Security.Cryptography.HashAlgorithmName.SHA256, 32)),
        "salt", "$pbkdf2-sha256$i=10,l=32$");

    /// <summary>Keeps a copy of mail that is queued from now on: the job that sends it ends, and is gone, at any moment.</summary>
    internal async Task KeepMailAsync()
    {
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS kept_mail (id serial PRIMARY KEY, recipient text, body text)", [], Cancellation);
        await Database.ExecuteAsync("""
            CREATE OR REPLACE FUNCTION keep_mail() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO kept_mail (recipient, body) VALUES (NEW.arguments->>''to'', NEW.arguments->>''text''); RETURN NEW; END'
            """, [], Cancellation);
        await Database.ExecuteAsync("CREATE OR REPLACE TRIGGER keep_mail AFTER INSERT ON forum_jobs FOR EACH ROW EXECUTE FUNCTION keep_mail()", [], Cancellation);
    }

    /// <summary>The token in the newest mail to an address, after <see cref="KeepMailAsync"/>.</summary>
    internal async Task<string> MailedTokenAsync(string email)
    {
        var text = await Database.ScalarAsync<string>("SELECT body FROM kept_mail WHERE recipient = $1 ORDER BY id DESC LIMIT 1", [email], Cancellation);
        Assert.NotNull(text);
        return System.Text.RegularExpressions.Regex.Match(text, "/([0-9a-f]{32})").Groups[1].Value;
    }

    /// <summary>A browser that is signed in, with its CSRF token.</summary>
    internal async Task<ForumClient> SignInAsync(int userId)
    {
        var client = await Anonymous().WithCsrfAsync();
        var token = await Services.GetRequiredService<Forum.Sessions.AuthTokens>().AddAsync(userId, "tests", "127.0.0.1", oauth: false, Cancellation);
        client.Cookies.Add(Address, new Cookie("_t", token));
        return client;
    }

    /// <summary>A script with a key for all users.</summary>
    internal async Task<ForumClient> ApiAsync(string username)
    {
        var key = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await Database.ExecuteAsync("""
            INSERT INTO api_keys (key_hash, truncated_key, created_by_id, created_at, updated_at)
            VALUES ($1, left($2, 4), -1, now(), now())
            """, [Forum.ApiKeys.ApiKeyCheck.Hash(key), key], Cancellation);
        return Anonymous().WithApiKey(key, username);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A client of the forum: a browser with cookies, or a script with an API key.</summary>
public sealed class ForumClient : IDisposable
{
    readonly HttpClient _http;

    public ForumClient(Uri address)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; } = new();

    public System.Net.Http.Headers.HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>Uses an API key from now on.</summary>
    public ForumClient WithApiKey(string key, string username)
    {
        Headers.Add("Api-Key", key);
        Headers.Add("Api-Username", username);
        return this;
    }

    /// <summary>Fetches this session's CSRF token and sends it from now on.</summary>
    public async Task<ForumClient> WithCsrfAsync()
    {
        var token = (string)(await GetAsync("/session/csrf.json")).Json["csrf"]!;
        Headers.Remove("X-CSRF-Token");
        Headers.Add("X-CSRF-Token", token);
        return this;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] form) => SendAsync(HttpMethod.Post, path, Form(form));

    public Task<Answer> PutAsync(string path, params (string Name, string Value)[] form) => SendAsync(HttpMethod.Put, path, Form(form));

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] form) => SendAsync(HttpMethod.Delete, path, Form(form));

    public Task<Answer> PostJsonAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));

    public Task<Answer> PutJsonAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Put, path, new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _http.SendAsync(request, ForumApp.Cancellation);
        return new Answer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(ForumApp.Cancellation),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => _http.Dispose();

    static FormUrlEncodedContent Form((string Name, string Value)[] form) =>
        new(form.Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value)));
}

/// <summary>What the forum answered.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as a JSON object.</summary>
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>This answer, or a failed test that shows the body.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Body}");
        return this;
    }
}
