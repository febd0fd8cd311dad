using System.Text.Json.Nodes;
using Forum.Backups;
using Forum.Configuration;
using Forum.Script;
using Servers;

namespace Forum.Tests.Backups;

public sealed class BackupTests
{
    [Fact]
    public async Task A_forum_with_its_uploads_comes_back_and_what_was_there_before_too()
    {
        var postgres = await PostgresServer.GetAsync();
        var database = postgres.ConnectionString(await DiscourseDump.RestoreAsync(postgres, ForumApp.Cancellation));
        await new Forum.Database.Migrator(database, _ => { }).RunAsync(ForumApp.Cancellation);
        await using var app = await ForumApp.StartAsync(new() { ["TEST_CONNECTION_STRING"] = database });
        var admin = await app.AddUserAsync("keeper", admin: true);
        using var api = await app.ApiAsync("keeper");
        (await api.PutAsync("/admin/site_settings/allow_restore", ("allow_restore", "true"))).Expect(200);
        var kept = (await api.PostAsync("/posts.json", ("title", "A topic that is in the backup"), ("raw", "The text of a topic that is in the backup."), ("category", "4"))).Expect(200).Json;
        var upload = Path.Combine(app.Folder, "app", "public", "uploads", "default", "original", "1X", "kept.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(upload)!);
        await File.WriteAllTextAsync(upload, "kept", ForumApp.Cancellation);
        Assert.Equal(0, (await ScriptAsync(app.Globals, "", "backup")).Code);
        var name = (string)JsonNode.Parse((await api.GetAsync("/admin/backups.json")).Expect(200).Body)![0]!["filename"]!;
        var later = (await api.PostAsync("/posts.json", ("title", "A topic that came after the backup"), ("raw", "The text of a topic that came after the backup."), ("category", "4"))).Expect(200).Json;
        File.Delete(upload);

        (await api.PostAsync($"/admin/backups/{name}/restore")).Expect(200);

        (await api.GetAsync($"/t/{kept["topic_id"]}.json")).Expect(200);
        (await api.GetAsync($"/t/{later["topic_id"]}.json")).Expect(404);
        Assert.Equal("kept", await File.ReadAllTextAsync(upload, ForumApp.Cancellation));
        using var browser = await app.SignInAsync(admin);
        (await browser.PostAsync("/posts.json", ("title", "A topic written after the restore"), ("raw", "The restored database takes new posts again."), ("category", "4"))).Expect(200);

        Assert.Equal(0, (await ScriptAsync(app.Globals, "", "rollback")).Code);
        await ((Forum.PageCache.AnonymousPages)app.Services.GetService(typeof(Forum.PageCache.AnonymousPages))!).ChangedAsync(ForumApp.Cancellation);
        (await api.GetAsync($"/t/{later["topic_id"]}.json")).Expect(200);
        (await api.PostAsync("/admin/backups/rollback")).Expect(422);
    }

    [Fact]
    public async Task An_archive_that_is_no_backup_changes_nothing()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("keeper", admin: true);
        using var api = await app.ApiAsync("keeper");
        var folder = Path.Combine(app.Folder, "app", "public", "backups", "default");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.tar.gz"), "no archive", ForumApp.Cancellation);
        (await api.PostAsync("/admin/backups/broken.tar.gz/restore")).Expect(403);
        (await api.PutAsync("/admin/site_settings/allow_restore", ("allow_restore", "true"))).Expect(200);

        Assert.Contains("no complete backup", (await api.PostAsync("/admin/backups/broken.tar.gz/restore")).Expect(422).Body);
        await WriteAsync(Path.Combine(folder, "climbing.tar.gz"), "uploads/default/../../../../evil.txt", "evil");
        Assert.Contains("path out of it", (await api.PostAsync("/admin/backups/climbing.tar.gz/restore")).Expect(422).Body);
        await WriteAsync(Path.Combine(folder, "foreign.tar.gz"), "dump.pgdump", "no dump");
        Assert.Contains("pg_restore", (await api.PostAsync("/admin/backups/foreign.tar.gz/restore")).Expect(422).Body);
        (await api.PostAsync("/admin/backups/..%2F..%2Fx.tar.gz/restore")).Expect(404);
        (await api.GetAsync("/latest.json")).Expect(200);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(app.Folder, "app", "tmp", "restores")));
    }

    [Fact]
    public async Task A_restore_that_fails_half_way_leaves_the_forum_as_it_was()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("keeper", admin: true);
        using var api = await app.ApiAsync("keeper");
        (await api.PutAsync("/admin/site_settings/allow_restore", ("allow_restore", "true"))).Expect(200);
        // A table of another owner's making, which the restore of the same name cannot put in place.
        var name = await ((CreateBackup)app.Services.GetService(typeof(CreateBackup))!).RunAsync(false, ForumApp.Cancellation);
        await app.Database.ExecuteAsync("CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN IF to_regclass(''backup.users'') IS NOT NULL AND current_query() LIKE ''CREATE TABLE public.posts%'' THEN RAISE EXCEPTION ''no more tables''; END IF; END'", [], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION refuse()", [], ForumApp.Cancellation);

        var answer = (await api.PostAsync($"/admin/backups/{name}/restore")).Expect(422);

        Assert.Contains("the forum is as it was", answer.Body);
        (await api.GetAsync("/latest.json")).Expect(200);
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM users WHERE username = 'keeper'", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Backups_in_a_bucket_are_listed_downloaded_and_kept_to_the_number_that_is_set()
    {
        var s3 = await S3Server.GetAsync();
        var bucket = s3.CreateBucket();
        var variables = Uploads.S3Tests.Variables(s3, s3.CreateBucket());
        variables["DISCOURSE_BACKUP_LOCATION"] = "s3";
        variables["DISCOURSE_S3_BACKUP_BUCKET"] = bucket;
        variables["DISCOURSE_MAXIMUM_BACKUPS"] = "1";
        await using var app = await ForumApp.StartAsync(variables);
        await app.AddUserAsync("keeper", admin: true);
        using var api = await app.ApiAsync("keeper");
        var create = (CreateBackup)app.Services.GetService(typeof(CreateBackup))!;
        var first = await create.RunAsync(false, ForumApp.Cancellation);
        string second;
        do
        {
            second = await create.RunAsync(false, ForumApp.Cancellation);
        }
        while (second == first);

        var list = JsonNode.Parse((await api.GetAsync("/admin/backups.json")).Expect(200).Body)!.AsArray();
        Assert.Equal(second, (string?)Assert.Single(list)!["filename"]);
        await app.KeepMailAsync();
        (await api.PutAsync($"/admin/backups/{second}")).Expect(200);
        var mail = await app.Database.ScalarAsync<string>("SELECT body FROM kept_mail ORDER BY id DESC LIMIT 1", [], ForumApp.Cancellation);
        var address = (await api.GetAsync($"/admin/backups/{second}?token={mail!.Split("?token=")[1]}")).Expect(302).Header("Location");
        using var http = new HttpClient();
        Assert.Equal((long)list[0]!["size"]!, (await http.GetByteArrayAsync(address, ForumApp.Cancellation)).LongLength);
        (await api.DeleteAsync($"/admin/backups/{second}")).Expect(200);
        Assert.Equal("[]", (await api.GetAsync("/admin/backups.json")).Body);
    }

    [Theory]
    [InlineData("2026-03-10T03:00", null, false)]
    [InlineData("2026-03-10T03:31", null, true)]
    [InlineData("2026-03-10T03:31", "2026-03-03T03:40", true)]
    [InlineData("2026-03-10T03:31", "2026-03-04T03:40", false)]
    public void A_backup_is_made_when_its_time_of_day_has_come_and_the_last_is_old_enough(string now, string? newest, bool due) => Assert.Equal(
        due, ScheduleBackups.IsDue(Time(now)!.Value, Time(newest), days: 7, at: new TimeSpan(3, 30, 0)));

    [Fact]
    public async Task Remap_replaces_a_text_everywhere_once_that_is_confirmed()
    {
        await using var app = await ForumApp.StartAsync();
        using var api = await app.ApiAsync("system");
        var post = (await api.PostAsync("/posts.json", ("title", "A topic about the old address"), ("raw", "See http://old.example.com/page for more about that."), ("category", "4"))).Expect(200).Json;

        Assert.Equal(1, (await ScriptAsync(app.Globals, "no\n", "remap", "old.example.com", "new.example.com")).Code);
        Assert.Equal(0, (await ScriptAsync(app.Globals, "YES\n", "remap", "old.example.com", "new.example.com")).Code);

        var shown = (await api.GetAsync($"/posts/{post["id"]}.json")).Expect(200).Json;
        Assert.Contains("http://new.example.com/page", (string)shown["raw"]!);
        Assert.Contains("http://new.example.com/page", (string)shown["cooked"]!);
        var (code, _, errors) = await ScriptAsync(app.Globals, "", "dance");
        Assert.Equal(1, code);
        Assert.Contains("remap", errors);
    }

    static DateTime? Time(string? text) => text is null ? null : DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    static async Task WriteAsync(string archive, string entry, string content)
    {
        await using var file = File.Create(archive);
        await using var zip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest);
        await using var tar = new System.Formats.Tar.TarWriter(zip);
        using var data = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
        await tar.WriteEntryAsync(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, entry) { DataStream = data }, ForumApp.Cancellation);
    }

    static async Task<(int Code, string Output, string Errors)> ScriptAsync(GlobalSettings globals, string input, params string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await ScriptCommand.RunAsync(globals, words, new StringReader(input), output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
