using System.Text.Json.Nodes;
using Forum.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.Jobs;

/// <summary>What comes round by itself, run once by hand against rows that are as old as they need to be.</summary>
public sealed class ScheduledJobsTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    static CancellationToken Cancellation => ForumApp.Cancellation;

    Task RunAsync(string name) => app.Services.GetServices<IScheduledJob>().Single(job => job.Name == name).RunAsync(Cancellation);

    async Task<(int Id, string Name, ForumClient Client)> MemberAsync(bool admin = false)
    {
        var name = $"worker{Interlocked.Increment(ref _names)}";
        return (await app.AddUserAsync(name, admin: admin, trustLevel: 2), name, await app.ApiAsync(name));
    }

    Task<int> CountAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql, params object[] values) => app.Database.ScalarAsync<int>(sql, values, Cancellation);

    [Fact]
    public async Task Timers_close_open_bump_publish_and_delete()
    {
        var admin = (await MemberAsync(admin: true)).Client;
        var closing = (await admin.TopicAsync("A topic that a timer closes today")).TopicId();
        var opening = (await admin.TopicAsync("A topic that a timer opens again")).TopicId();
        var deleting = (await admin.TopicAsync("A topic that a timer deletes today")).TopicId();
        var publishing = (await admin.TopicAsync("A topic that a timer publishes today")).TopicId();
        var waiting = (await admin.TopicAsync("A topic that is still talked about")).TopicId();
        (await admin.PutAsync($"/t/{opening}/status.json", ("status", "closed"), ("enabled", "true"))).Expect(200);
        foreach (var (topic, type) in ((int, string)[])[(closing, "close"), (opening, "open"), (deleting, "delete")])
            (await admin.PostAsync($"/t/{topic}/timer.json", ("status_type", type), ("time", "1"))).Expect(200);
        (await admin.PostAsync($"/t/{publishing}/timer.json", ("status_type", "publish_to_category"), ("time", "1"), ("category_id", "3"))).Expect(200);
        var set = (await admin.PostAsync($"/t/{waiting}/timer.json", ("status_type", "close"), ("based_on_last_post", "true"), ("duration_minutes", "60"))).Expect(200).Json;
        Assert.NotEqual("", (string)set["execute_at"]!);
        await app.Database.ExecuteAsync("UPDATE topic_timers SET execute_at = now() - interval '1 minute'", [], Cancellation);

        await RunAsync("topic_timers");

        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM topics WHERE id = $1 AND closed", closing));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM posts WHERE topic_id = $1 AND action_code = 'autoclosed.enabled'", closing));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM topics WHERE id = $1 AND NOT closed", opening));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM topics WHERE id = $1 AND deleted_at IS NOT NULL", deleting));
        Assert.Equal(3, await CountAsync("SELECT category_id FROM topics WHERE id = $1", publishing));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM topics t JOIN topic_timers x ON x.topic_id = t.id WHERE t.id = $1 AND NOT t.closed AND x.deleted_at IS NULL AND x.execute_at > now()", waiting));
    }

    [Fact]
    public async Task A_bookmark_reminds_and_goes_when_asked_to()
    {
        var (id, _, member) = await MemberAsync();
        var post = await member.TopicAsync("Something that should be remembered");
        var bookmark = (await member.PostAsync("/bookmarks.json", ("bookmarkable_type", "Post"), ("bookmarkable_id", post.Id().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("reminder_at", DateTime.UtcNow.AddHours(1).ToString("O")), ("auto_delete_preference", "1"))).Expect(200).Json;
        await app.Database.ExecuteAsync("UPDATE bookmarks SET reminder_at = now() - interval '1 minute' WHERE id = $1", [(long)bookmark.Id()], Cancellation);

        await RunAsync("bookmark_reminder_notifications");
        await RunAsync("bookmark_reminder_notifications");

        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM notifications WHERE user_id = $1 AND notification_type = 24 AND high_priority", id));
        Assert.Equal(0, await CountAsync("SELECT bookmark_count FROM posts WHERE id = $1", post.Id()));
    }

    [Fact]
    public async Task Top_and_hot_lists_follow_what_happened()
    {
        var (writer, reader) = ((await MemberAsync()).Client, (await MemberAsync()).Client);
        var other = await writer.TopicAsync("A topic that nobody likes very much");
        var liked = await writer.TopicAsync("A topic that somebody likes very much");
        await reader.ReplyAsync(liked.TopicId(), "I like this topic, and I say so here.");
        (await reader.PostAsync("/post_actions.json", ("id", liked.Id().ToString(System.Globalization.CultureInfo.InvariantCulture)), ("post_action_type_id", "2"))).Expect(200);

        foreach (var job in (string[])["top_refresh_older", "top_refresh_today", "update_topic_hot_scores", "category_stats"])
            await RunAsync(job);

        foreach (var list in (string[])["/top.json?period=daily", "/hot.json"])
        {
            // The other tests' topics are listed too.
            var ids = (await reader.GetAsync(list)).Expect(200).Json["topic_list"]!["topics"]!.AsArray().Select(topic => (int)topic!["id"]!).ToList();
            Assert.Contains(liked.TopicId(), ids);
            Assert.True(!ids.Contains(other.TopicId()) || ids.IndexOf(liked.TopicId()) < ids.IndexOf(other.TopicId()), list);
        }

        Assert.Equal(1, await CountAsync("SELECT daily_likes_count FROM top_topics WHERE topic_id = $1", liked.TopicId()));
        Assert.True(await CountAsync("SELECT count(*)::int FROM category_featured_topics WHERE category_id = 4") > 0);
    }

    [Fact]
    public async Task Badges_are_granted_once_with_a_notification()
    {
        var (author, liker) = (await MemberAsync(), await MemberAsync());
        var post = await author.Client.TopicAsync("A topic that earns somebody a badge", raw: $"A text that mentions @{liker.Name} and smiles :smile: at them.");
        (await liker.Client.PostAsync("/post_actions.json", ("id", post.Id().ToString(System.Globalization.CultureInfo.InvariantCulture)), ("post_action_type_id", "2"))).Expect(200);

        await RunAsync("update_badges");
        await RunAsync("badge_grant");

        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM user_badges WHERE user_id = $1 AND badge_id = 5", author.Id));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM user_badges WHERE user_id = $1 AND badge_id = 11", liker.Id));
        Assert.Equal(2, await CountAsync("SELECT count(*)::int FROM user_badges WHERE user_id = $1 AND badge_id IN (40, 41)", author.Id));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM notifications WHERE user_id = $1 AND notification_type = 12 AND data LIKE '%Welcome%'", author.Id));
        Assert.Equal(await CountAsync("SELECT count(DISTINCT badge_id)::int FROM user_badges WHERE user_id = $1", author.Id), await CountAsync("SELECT distinct_badge_count FROM user_stats WHERE user_id = $1", author.Id));
    }

    [Fact]
    public async Task Mail_tells_who_was_away_and_its_link_stops_it()
    {
        await app.KeepMailAsync();
        var (sender, receiver) = (await MemberAsync(), await MemberAsync());
        await sender.Client.MessageAsync(receiver.Name, "Are you coming to the meeting?");
        await app.Database.ExecuteAsync("UPDATE notifications SET created_at = now() - interval '1 hour'", [], Cancellation);
        await app.Database.ExecuteAsync("UPDATE users SET last_seen_at = now() - interval '1 day' WHERE id = $1", [receiver.Id], Cancellation);

        await RunAsync("mail_of_messages");
        await RunAsync("mail_of_messages");

        var mail = await app.Database.ScalarAsync<string>("SELECT body FROM kept_mail WHERE recipient = $1", [receiver.Name + "@example.com"], Cancellation);
        Assert.Contains("Are you coming to the meeting?", mail);
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM kept_mail WHERE recipient = $1", receiver.Name + "@example.com"));
        var path = System.Text.RegularExpressions.Regex.Match(mail!, "/email/unsubscribe/[0-9a-f]{64}").Value;
        (await app.Anonymous().GetAsync(path)).Expect(200);
        Assert.Equal(302, (await app.Anonymous().PostAsync(path, ("unsubscribe_all", "true"))).Status);
        Assert.Equal(2, await CountAsync("SELECT email_messages_level FROM user_options WHERE user_id = $1", receiver.Id));
        Assert.Equal(404, (await app.Anonymous().GetAsync("/email/unsubscribe/" + new string('a', 64))).Status);
    }

    [Fact]
    public async Task A_member_who_stays_away_gets_a_summary()
    {
        await app.KeepMailAsync();
        var (away, writer) = (await MemberAsync(), await MemberAsync());
        await app.Database.ExecuteAsync("UPDATE users SET last_seen_at = now() - interval '20 days', created_at = now() - interval '30 days' WHERE id = $1", [away.Id], Cancellation);
        await writer.Client.TopicAsync("News that you missed in these weeks");

        await RunAsync("enqueue_digest_emails");
        await RunAsync("enqueue_digest_emails");

        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM kept_mail WHERE recipient = $1 AND body LIKE '%News that you missed in these weeks%'", away.Name + "@example.com"));
        Assert.Equal(0, await CountAsync("SELECT count(*)::int FROM kept_mail WHERE recipient = $1 AND body LIKE '%News that you missed%'", writer.Name + "@example.com"));
    }

    [Fact]
    public async Task What_nobody_needs_goes()
    {
        var (id, _, member) = await MemberAsync();
        var topic = await member.TopicAsync("A topic with a reply that goes away");
        var reply = await member.ReplyAsync(topic.TopicId(), "This is withdrawn by its author soon.");
        (await member.DeleteAsync($"/posts/{reply.Id()}.json")).Expect(200);
        (await member.PostJsonAsync("/drafts.json", new JsonObject { ["draft_key"] = "new_topic", ["data"] = "{}", ["sequence"] = 1 })).Expect(200);
        await app.Database.ExecuteAsync("UPDATE drafts SET updated_at = now() - interval '200 days' WHERE user_id = $1", [id], Cancellation);
        await app.Database.ExecuteAsync("UPDATE posts SET last_version_at = now() - interval '2 days' WHERE id = $1", [reply.Id()], Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO uploads (user_id, original_filename, filesize, url, sha1, extension, created_at, updated_at)
            VALUES ($1, 'a.png', 1, '/uploads/default/original/1X/aa.png', 'aa', 'png', now() - interval '5 days', now())
            """, [id], Cancellation);
        var stale = await app.AddUserAsync($"stale{Interlocked.Increment(ref _names)}");
        await app.Database.ExecuteAsync("UPDATE users SET active = false, created_at = now() - interval '40 days' WHERE id = $1", [stale], Cancellation);
        await app.Database.ExecuteAsync("DELETE FROM email_tokens WHERE user_id = $1", [stale], Cancellation);

        await RunAsync("destroy_old_deletion_stubs");
        await RunAsync("clean_up");

        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM posts WHERE id = $1 AND deleted_at IS NOT NULL", reply.Id()));
        Assert.Equal(1, await CountAsync("SELECT posts_count FROM topics WHERE id = $1", topic.TopicId()));
        Assert.Equal(0, await CountAsync("SELECT draft_count FROM user_stats WHERE user_id = $1", id));
        Assert.Equal(0, await CountAsync("SELECT count(*)::int FROM uploads WHERE sha1 = 'aa'"));
        Assert.Equal(0, await CountAsync("SELECT count(*)::int FROM users WHERE id = $1", stale));
    }

    [Fact]
    public async Task A_file_that_only_a_draft_names_is_kept_as_long_as_the_draft()
    {
        const string Sha1 = "0123456789abcdef0123456789abcdef01234567";
        var (id, _, member) = await MemberAsync();
        await app.Database.ExecuteAsync("""
            INSERT INTO uploads (user_id, original_filename, filesize, url, sha1, extension, created_at, updated_at)
            VALUES ($1, 'b.png', 1, '/uploads/default/original/1X/bb.png', $2, 'png', now() - interval '5 days', now())
            """, [id, Sha1], Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO optimized_images (sha1, extension, width, height, upload_id, url, created_at, updated_at)
            SELECT 'x', '.png', 10, 10, id, '/uploads/default/optimized/1X/bb_2_10x10.png', now(), now() FROM uploads WHERE sha1 = $1
            """, [Sha1], Cancellation);
        var draft = new JsonObject { ["reply"] = $"![b|1x1](upload://{Forum.Uploads.Base62.FromSha1(Sha1)}.png)" }.ToJsonString();
        (await member.PostJsonAsync("/drafts.json", new JsonObject { ["draft_key"] = "new_topic", ["data"] = draft, ["sequence"] = 0 })).Expect(200);

        await RunAsync("clean_up");
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM uploads WHERE sha1 = $1", Sha1));

        (await member.DeleteAsync("/drafts/new_topic.json")).Expect(200);
        await RunAsync("clean_up");
        Assert.Equal(0, await CountAsync("SELECT (SELECT count(*) FROM uploads WHERE sha1 = $1)::int + (SELECT count(*) FROM optimized_images WHERE url LIKE '%bb_2_10x10.png')::int", Sha1));
    }

    [Fact]
    public async Task A_job_whose_process_died_is_run_by_the_next()
    {
        var schedule = ActivatorUtilities.CreateInstance<JobSchedule>(app.Services);
        var job = new Counting();
        Assert.True(await schedule.RunIfDueAsync(job, Cancellation));
        Assert.False(await schedule.RunIfDueAsync(job, Cancellation));

        // As a unit leaves it that took the job and was killed: its lease is over.
        await app.Database.ExecuteAsync("UPDATE forum_schedules SET next_run_at = now() AT TIME ZONE 'utc' - interval '1 second' WHERE name = $1", [job.Name], Cancellation);

        Assert.True(await schedule.RunIfDueAsync(job, Cancellation));
        Assert.Equal(2, job.Runs);
    }

    sealed class Counting : IScheduledJob
    {
        public int Runs { get; private set; }

        public string Name => "counting";

        public TimeSpan Every => TimeSpan.FromDays(1);

        public Task RunAsync(CancellationToken cancellation)
        {
            Runs++;
            return Task.CompletedTask;
        }
    }
}
