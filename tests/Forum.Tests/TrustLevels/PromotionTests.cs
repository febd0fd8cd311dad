using System.Text.Json.Nodes;
using Forum.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.TrustLevels;

public sealed class PromotionTests(ForumApp app) : IClassFixture<ForumApp>
{
    static CancellationToken Cancellation => ForumApp.Cancellation;

    Task<int> LevelAsync(int id) => app.Database.ScalarAsync<int>("SELECT trust_level FROM users WHERE id = $1", [id], Cancellation);

    static async Task ReadAsync(ForumClient reader, int topic) => (await reader.PostJsonAsync("/topics/timings.json",
        new JsonObject { ["topic_id"] = topic, ["topic_time"] = 5000, ["timings"] = new JsonObject { ["1"] = 5000 } })).Expect(200);

    [Fact]
    public async Task Reading_raises_a_new_member_with_group_badge_log_and_message()
    {
        await app.AddUserAsync("teacher", admin: true);
        var topic = await (await app.ApiAsync("teacher")).TopicAsync("Something to read for new members");
        var id = await app.AddUserAsync("pupil", trustLevel: 0);
        var reader = await app.ApiAsync("pupil");
        await ReadAsync(reader, topic.TopicId());
        Assert.Equal(0, await LevelAsync(id));

        await app.Database.ExecuteAsync("UPDATE user_stats SET topics_entered = 5, posts_read_count = 30, time_read = 600 WHERE user_id = $1", [id], Cancellation);
        await app.Database.ExecuteAsync("UPDATE users SET created_at = now() - interval '1 day' WHERE id = $1", [id], Cancellation);
        await ReadAsync(reader, topic.TopicId());

        Assert.Equal(1, await LevelAsync(id));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM group_users WHERE user_id = $1 AND group_id = 11", [id], Cancellation));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM user_badges WHERE user_id = $1 AND badge_id = 1", [id], Cancellation));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM notifications WHERE user_id = $1 AND notification_type = 12", [id], Cancellation));
        Assert.Equal("1", await app.Database.ScalarAsync<string>("SELECT new_value FROM user_histories WHERE target_user_id = $1 AND action = 15", [id], Cancellation));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM topics t JOIN topic_allowed_users a ON a.topic_id = t.id WHERE a.user_id = $1 AND t.subtype = 'system_message'", [id], Cancellation));
    }

    [Fact]
    public async Task A_locked_level_does_not_rise()
    {
        await app.AddUserAsync("keeper", admin: true);
        var admin = await app.ApiAsync("keeper");
        var topic = await admin.TopicAsync("Something to read for a locked member");
        var id = await app.AddUserAsync("locked", trustLevel: 0);
        (await admin.PutAsync($"/admin/users/{id}/trust_level_lock.json", ("locked", "true"))).Expect(200);
        await app.Database.ExecuteAsync("UPDATE user_stats SET topics_entered = 50, posts_read_count = 300, time_read = 6000 WHERE user_id = $1", [id], Cancellation);
        await app.Database.ExecuteAsync("UPDATE users SET created_at = now() - interval '1 day' WHERE id = $1", [id], Cancellation);

        await ReadAsync(await app.ApiAsync("locked"), topic.TopicId());

        Assert.Equal(0, await LevelAsync(id));
    }

    [Fact]
    public async Task Regulars_rise_and_fall_once_a_day()
    {
        var (rising, falling, graced) = (await app.AddUserAsync("rising", trustLevel: 2), await app.AddUserAsync("falling", trustLevel: 3), await app.AddUserAsync("graced", trustLevel: 3));
        var admirers = new List<int>();
        for (var at = 0; at < 5; at++)
            admirers.Add(await app.AddUserAsync($"admirer{at}"));
        await app.AddUserAsync("host", admin: true);
        var host = await app.ApiAsync("host");
        var topics = new List<int>();
        for (var at = 0; at < 10; at++)
            topics.Add((await host.TopicAsync($"A topic for regulars, number {at} of many")).TopicId());
        await app.Database.ExecuteAsync("UPDATE users SET last_seen_at = now() WHERE id = $1", [rising], Cancellation);
        await app.Database.ExecuteAsync("UPDATE user_stats SET posts_read_count = 1000, days_visited = 60 WHERE user_id = $1", [rising], Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO user_visits (user_id, visited_at, posts_read) SELECT $1, (now() - make_interval(days => g))::date, 20 FROM generate_series(1, 60) g ON CONFLICT DO NOTHING", [rising], Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO topic_views (topic_id, viewed_at, user_id) SELECT 1000 + g, now()::date, $1 FROM generate_series(1, 200) g", [rising], Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO posts (user_id, topic_id, post_number, sort_order, raw, cooked, created_at, updated_at, last_version_at)
            SELECT $1, t, 2, 2, 'x', '<p>x</p>', now(), now(), now() FROM unnest($2::int[]) t
            """, [rising, topics.ToArray()], Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at) SELECT 1, $1, g, g, $1, now(), now() FROM generate_series(1, 30) g", [rising], Cancellation);
        await app.Database.ExecuteAsync("""
            INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
            SELECT 2, $1, g, g, ($2::int[])[1 + g % 5], now() - make_interval(days => g % 10), now() FROM generate_series(1, 20) g
            """, [rising, admirers.ToArray()], Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO user_histories (action, target_user_id, new_value, created_at, updated_at) VALUES (15, $1, '3', now(), now())", [graced], Cancellation);

        await app.Services.GetServices<IScheduledJob>().Single(job => job.Name == "tl3_promotions").RunAsync(Cancellation);

        Assert.Equal((3, 2, 3), (await LevelAsync(rising), await LevelAsync(falling), await LevelAsync(graced)));
        var shown = (await host.GetAsync($"/admin/users/{rising}.json")).Expect(200).Json["tl3_requirements"]!;
        Assert.True((bool)shown["requirements_met"]!);
        Assert.Equal(60, (int)shown["days_visited"]!);
    }
}
