using System.Text.RegularExpressions;
using Forum.Configuration;
using Forum.Jobs;
using Forum.Mail;
using Forum.S3;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.Container;

/// <summary>Every variable that the charm sets: a value, and where its effect is seen.</summary>
public sealed partial class VariableTests(VariableTests.Fixture fixture) : IClassFixture<VariableTests.Fixture>
{
    static readonly Dictionary<string, string> Variables = new()
    {
        ["CONTAINER_APP_NAME"] = "discourse",
        ["CONTAINER_APP_USERNAME"] = "_daemon_",
        ["RAILS_ENV"] = "production",
        ["DISCOURSE_BACKUP_LOCATION"] = "s3",
        ["DISCOURSE_CORS_ORIGIN"] = "https://app.test,https://forum.test",
        ["DISCOURSE_DEVELOPER_EMAILS"] = "chief@example.com, second@example.com",
        ["DISCOURSE_ENABLE_CORS"] = "true",
        ["DISCOURSE_HOSTNAME"] = "table.test",
        ["DISCOURSE_MAX_ADMIN_API_REQS_PER_KEY_PER_MINUTE"] = "200000",
        ["DISCOURSE_MAX_ASSET_REQS_PER_IP_PER_10_SECONDS"] = "3",
        ["DISCOURSE_MAX_CATEGORY_NESTING"] = "3",
        ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "warn+block",
        ["DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS"] = "5",
        ["DISCOURSE_MAX_REQS_PER_IP_PER_MINUTE"] = "8",
        ["DISCOURSE_MAX_REQS_RATE_LIMIT_ON_PRIVATE"] = "false",
        ["DISCOURSE_OPENID_CONNECT_AUTHORIZE_SCOPE"] = "openid email",
        ["DISCOURSE_OPENID_CONNECT_CLIENT_ID"] = "client",
        ["DISCOURSE_OPENID_CONNECT_CLIENT_SECRET"] = "secret",
        ["DISCOURSE_OPENID_CONNECT_DISCOVERY_DOCUMENT"] = "https://idp.test/.well-known/openid-configuration",
        ["DISCOURSE_OPENID_CONNECT_ENABLED"] = "true",
        ["DISCOURSE_OPENID_CONNECT_MATCH_BY_EMAIL"] = "true",
        ["DISCOURSE_REFRESH_MAXMIND_DB_DURING_PRECOMPILE_DAYS"] = "0",
        ["DISCOURSE_S3_ACCESS_KEY_ID"] = "key",
        ["DISCOURSE_S3_BACKUP_BUCKET"] = "backups",
        ["DISCOURSE_S3_BUCKET"] = "uploads/forum",
        ["DISCOURSE_S3_CDN_URL"] = "https://cdn.test",
        ["DISCOURSE_S3_ENDPOINT"] = "https://s3.test",
        ["DISCOURSE_S3_INSTALL_CORS_RULE"] = "false",
        ["DISCOURSE_S3_REGION"] = "eu-central-1",
        ["DISCOURSE_S3_SECRET_ACCESS_KEY"] = "hidden",
        ["DISCOURSE_SAML_CERT_FINGERPRINT"] = "AA:BB",
        ["DISCOURSE_SAML_FULL_SCREEN_LOGIN"] = "true",
        ["DISCOURSE_SAML_GROUPS_FULLSYNC"] = "false",
        ["DISCOURSE_SAML_SYNC_GROUPS"] = "true",
        ["DISCOURSE_SAML_SYNC_GROUPS_LIST"] = "a|b",
        ["DISCOURSE_SAML_TARGET_URL"] = "https://idp.test/sso",
        ["DISCOURSE_SERVE_STATIC_ASSETS"] = "true",
        ["DISCOURSE_SMTP_ADDRESS"] = "mail.test",
        ["DISCOURSE_SMTP_AUTHENTICATION"] = "cram_md5",
        ["DISCOURSE_SMTP_DOMAIN"] = "table.test",
        ["DISCOURSE_SMTP_ENABLE_START_TLS"] = "false",
        ["DISCOURSE_SMTP_FORCE_TLS"] = "true",
        ["DISCOURSE_SMTP_OPENSSL_VERIFY_MODE"] = "none",
        ["DISCOURSE_SMTP_PASSWORD"] = "word",
        ["DISCOURSE_SMTP_PORT"] = "465",
        ["DISCOURSE_SMTP_USER_NAME"] = "mailer",
        ["DISCOURSE_USE_S3"] = "true",
        ["FORCE_S3_UPLOADS"] = "true",
        ["HTTP_PROXY"] = "",
        ["HTTPS_PROXY"] = "",
        ["NO_PROXY"] = "",
        ["UNICORN_SIDEKIQ_MAX_RSS"] = "1000",
    };

    /// <summary>Set by the fixture itself, or tested where it belongs.</summary>
    static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["CONTAINER_APP_ROOT"] = "every test's folder",
        ["DISCOURSE_DB_HOST"] = "every test's database", ["DISCOURSE_DB_NAME"] = "", ["DISCOURSE_DB_USERNAME"] = "", ["DISCOURSE_DB_PASSWORD"] = "", ["DISCOURSE_DB_PORT"] = "",
        ["DISCOURSE_REDIS_HOST"] = "every test's Redis", ["DISCOURSE_REDIS_PORT"] = "",
        ["DISCOURSE_MAX_USER_API_REQS_PER_MINUTE"] = "IpLimitsTests", ["DISCOURSE_MAX_USER_API_REQS_PER_DAY"] = "IpLimitsTests",
    };

    readonly ForumApp _app = fixture.App;

    public sealed class Fixture : IAsyncLifetime
    {
        internal ForumApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ForumApp.StartAsync(Variables);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public void Every_variable_that_the_charm_writes_is_in_this_table()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "CharmedDiscourse.slnx")))
        {
            root = root.Parent;
        }

        Assert.NotNull(root);
        var written = Directory.EnumerateFiles(Path.Combine(root.FullName, "charms", "discourse-k8s", "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.True(written.Length > 40, "the charm's variables were not found");
        Assert.DoesNotContain(written, name => !Variables.ContainsKey(name) && !Elsewhere.ContainsKey(name));
    }

    [Fact]
    public async Task The_host_name_the_developers_and_the_nesting_of_categories()
    {
        using var client = _app.Anonymous();
        Assert.Contains("http://table.test/", (await client.GetAsync("/sitemap.xml")).Body);
        Assert.Equal(["chief@example.com", "second@example.com"], _app.Globals.DeveloperEmails);
        Assert.Equal(3, (int)(await client.GetAsync("/site/settings.json")).Json["max_category_nesting"]!);
        // Static files are served without a server in front.
        var page = (await client.GetAsync("/login?local=true")).Body;
        var script = Regex.Match(page, "/assets/onpopstate-handler-[0-9a-f]+\\.js").Value;
        (await client.GetAsync(script)).Expect(200);
        Assert.Equal(Path.Combine(_app.Folder, "app"), _app.Globals.AppRoot);
    }

    [Fact]
    public async Task Scripts_of_the_sites_that_are_named_may_call_the_api_and_no_others()
    {
        using var named = _app.Anonymous();
        named.Headers.Add("Origin", "https://app.test");
        using var stranger = _app.Anonymous();
        stranger.Headers.Add("Origin", "https://evil.test");

        var answer = await named.GetAsync("/site/basic-info.json");
        Assert.Equal("https://app.test", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        named.Headers.Add("Access-Control-Request-Method", "PUT");
        var preflight = (await named.SendAsync(HttpMethod.Options, "/posts/1.json", null)).Expect(200);
        Assert.Contains("PUT", preflight.Header("Access-Control-Allow-Methods"));
        Assert.Contains("X-CSRF-Token", preflight.Header("Access-Control-Allow-Headers"));
        Assert.Null((await stranger.GetAsync("/site/basic-info.json")).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Requests_from_one_address_are_limited_and_those_of_a_private_network_are_not()
    {
        using var visitor = _app.Anonymous();
        visitor.Headers.Add("X-Forwarded-For", "198.51.100.7");
        using var other = _app.Anonymous();
        other.Headers.Add("X-Forwarded-For", "198.51.100.8");
        using var inside = _app.Anonymous();
        Answer answer = null!;
        for (var i = 0; i < 6; i++)
        {
            answer = await visitor.GetAsync("/about.json");
            (await inside.GetAsync("/about.json")).Expect(200);
        }

        Assert.Equal("ip_10_secs_limit", answer.Expect(429).Header("Discourse-Rate-Limit-Error-Code"));
        for (var i = 0; i < 4; i++)
        {
            answer = await other.GetAsync("/letter_avatar/a/45/1.png");
        }

        Assert.Equal("ip_assets_10_secs_limit", answer.Expect(429).Header("Discourse-Rate-Limit-Error-Code"));
    }

    [Fact]
    public void The_mail_server()
    {
        Assert.Equal(
            new MailSettings
            {
                Address = "mail.test", Port = 465, Domain = "table.test", UserName = "mailer", Password = "word", Authentication = "cram_md5", EnableStartTls = false, ForceTls = true,
                VerifyMode = "none", Timeout = TimeSpan.FromSeconds(5),
            }, _app.Services.GetRequiredService<MailSettings>());
    }

    [Fact]
    public void The_buckets()
    {
        var buckets = _app.Services.GetRequiredService<S3Buckets>();

        var uploads = buckets.Uploads!.Settings;
        Assert.Equal(
            ("uploads", "forum/", "eu-central-1", "key", "hidden", "https://s3.test", "//uploads.s3.test", "https://cdn.test", false),
            (uploads.Bucket, uploads.Folder, uploads.Region, uploads.AccessKeyId, uploads.SecretAccessKey, uploads.Endpoint, uploads.BaseUrl, uploads.CdnUrl, uploads.InstallCorsRule));
        Assert.Equal("backups", buckets.Backups!.Settings.Bucket);
        Assert.Equal("https://cdn.test/forum/original/1X/a.png", _app.Services.GetRequiredService<Forum.Uploads.FileStores>().Public("//uploads.s3.test/original/1X/a.png"));
    }

    [Fact]
    public async Task Sign_on()
    {
        using var client = await _app.Anonymous().WithCsrfAsync();
        Assert.Equal(["oidc", "saml"], (await client.GetAsync("/site.json")).Json["auth_providers"]!.AsArray().Select(provider => (string)provider!["name"]!));
        Assert.DoesNotContain("name=\"password\"", (await client.GetAsync("/login")).Body);
        Assert.StartsWith("https://idp.test/sso?SAMLRequest=", (await client.PostAsync("/auth/saml")).Expect(302).Header("Location"));
        var settings = _app.Services.GetRequiredService<Forum.Settings.SiteSettings>();
        Assert.Equal(
            ("AA:BB", false, true, "a|b", "openid email", "client", "secret", true),
            (settings.Text("saml_cert_fingerprint"), settings.Bool("saml_groups_fullsync"), settings.Bool("saml_sync_groups"), settings.Text("saml_sync_groups_list"),
                settings.Text("openid_connect_authorize_scope"), settings.Text("openid_connect_client_id"), settings.Text("openid_connect_client_secret"), settings.Bool("openid_connect_match_by_email")));
    }

    [Fact]
    public async Task The_limits_of_memory_and_of_an_administrators_keys()
    {
        Assert.Equal(1000L * 1024 * 1024, MemoryWatch.Limit(_app.Globals));
        // More requests with a key than the default of 60 a minute allows.
        using var api = await _app.ApiAsync("system");
        for (var i = 0; i < 65; i++)
        {
            (await api.GetAsync("/session/current.json")).Expect(200);
        }
    }

    [Fact]
    public async Task A_crawler_that_the_settings_name_is_turned_away_but_may_read_robots_txt()
    {
        using var crawler = _app.Anonymous();
        crawler.Headers.Add("User-Agent", "Mozilla/5.0 (compatible; SemrushBot/7; +http://www.semrush.com/bot.html)");
        using var welcome = _app.Anonymous();
        welcome.Headers.Add("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");

        Assert.Equal("Crawler is not allowed!", (await crawler.GetAsync("/latest")).Expect(403).Body);
        Assert.Contains("User-agent: semrushbot", (await crawler.GetAsync("/robots.txt")).Expect(200).Body);
        (await welcome.GetAsync("/latest")).Expect(200);
    }

    [Fact]
    public void An_empty_variable_is_no_value_and_an_absent_one_its_default()
    {
        var globals = GlobalSettings.From(new Dictionary<string, string> { ["DISCOURSE_SMTP_ADDRESS"] = "", ["DISCOURSE_S3_BUCKET"] = "", ["CONTAINER_APP_ROOT"] = _app.Folder });

        Assert.Null(MailSettings.From(globals).Address);
        Assert.Equal(25, MailSettings.From(globals).Port);
        Assert.Null(S3Settings.From(globals));
        Assert.Equal("www.example.com", globals.Hostname);
    }

    [GeneratedRegex("\"((?:DISCOURSE|UNICORN|CONTAINER|FORCE|RAILS|HTTP|HTTPS|NO)_[A-Z0-9_]+)\"")]
    private static partial Regex Variable();
}
