using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.OpenApi;

/// <summary>Replays every operation of the published API against a running server and holds each answer against its schema.</summary>
public sealed class ConformanceTests(ForumApp app, ITestOutputHelper output) : IClassFixture<ForumApp>
{
    static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>These need a storage service; a test of their own replays them.</summary>
    static readonly HashSet<string> Direct =
    [
        "POST /uploads/generate-presigned-put.json", "POST /uploads/complete-external-upload.json", "POST /uploads/create-multipart.json",
        "POST /uploads/batch-presign-multipart-parts.json", "POST /uploads/abort-multipart.json", "POST /uploads/complete-multipart.json",
    ];

    ForumClient _api = null!;
    int _sequence;

    async Task<ForumClient> MemberAsync()
    {
        var name = $"member{++_sequence}";
        await app.AddUserAsync(name);
        return await app.ApiAsync(name);
    }

    async Task<JsonNode> TopicAsync(ForumClient? client = null)
    {
        var number = ++_sequence;
        var answer = await (client ?? _api).PostJsonAsync("/posts.json", new JsonObject { ["title"] = $"A topic for operation number {number}", ["raw"] = $"The first post of topic number {number}, long enough.", ["category"] = 4 });
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    async Task<JsonNode> MessageAsync()
    {
        var name = $"friend{++_sequence}";
        await app.AddUserAsync(name);
        var answer = await _api.PostJsonAsync("/posts.json", new JsonObject { ["title"] = $"A message to {name}", ["raw"] = $"This message is for {name} alone.", ["archetype"] = "private_message", ["target_recipients"] = name });
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    async Task<(int Id, string Name)> UserAsync()
    {
        var name = $"user{++_sequence}";
        return (await app.AddUserAsync(name), name);
    }

    /// <summary>A member who chose a topic for their profile: the published schema has no null for it.</summary>
    async Task<(int Id, string Name)> FeaturedAsync()
    {
        var user = await UserAsync();
        await app.Database.ExecuteAsync("UPDATE user_profiles SET featured_topic_id = $2 WHERE user_id = $1", [user.Id, (int)(await TopicAsync())["topic_id"]!], ForumApp.Cancellation);
        return user;
    }

    async Task<int> GroupAsync() => (int)(await _api.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = new JsonObject { ["name"] = $"group{++_sequence}" } })).Json["basic_group"]!["id"]!;

    async Task<Answer> UploadAsync()
    {
        var bytes = Picture;
        using var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new("image/png");
        using var form = new MultipartFormDataContent { { new StringContent("composer"), "upload_type" }, { new StringContent("true"), "synchronous" }, { file, "file", "dot.png" } };
        return await _api.SendAsync(HttpMethod.Post, "/uploads.json", form);
    }

    /// <summary>The newest archive, made by the real job.</summary>
    async Task<string> BackupAsync()
    {
        // The one that POST asked for may be under way in the background: one runs at a time.
        while (await app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM forum_jobs WHERE name = 'create_backup')", [], ForumApp.Cancellation))
            await Task.Delay(50, ForumApp.Cancellation);
        await app.Services.GetServices<Forum.Jobs.IJob>().First(job => job.Name == "create_backup").RunAsync(new JsonObject { ["with_uploads"] = false }, ForumApp.Cancellation);
        return (string)JsonNode.Parse((await _api.GetAsync("/admin/backups.json")).Expect(200).Body)!.AsArray()[0]!["filename"]!;
    }

    static string Id(JsonNode node, string name = "id") => ((int)node[name]!).ToString(CultureInfo.InvariantCulture);

    Dictionary<string, Func<Task<Answer>>> Operations() => new()
    {
        ["GET /discourse-post-event/events.json"] = () => _api.GetAsync("/discourse-post-event/events.json"),
        ["GET /discourse-post-event/events.ics"] = () => _api.GetAsync("/discourse-post-event/events.ics"),
        ["GET /admin/backups.json"] = () => _api.GetAsync("/admin/backups.json"),
        ["POST /admin/backups.json"] = () => _api.PostJsonAsync("/admin/backups.json", new JsonObject { ["with_uploads"] = false }),
        ["GET /admin/badges.json"] = () => _api.GetAsync("/admin/badges.json"),
        ["PUT /admin/backups/{filename}"] = async () => await _api.PutAsync($"/admin/backups/{await BackupAsync()}"),
        ["GET /admin/backups/{filename}"] = async () =>
        {
            var name = await BackupAsync();
            await app.KeepMailAsync();
            (await _api.PutAsync($"/admin/backups/{name}")).Expect(200);
            var mail = await app.Database.ScalarAsync<string>("SELECT body FROM kept_mail WHERE body LIKE '%?token=%' ORDER BY id DESC LIMIT 1", [], ForumApp.Cancellation);
            return await _api.GetAsync($"/admin/backups/{name}?token={mail!.Split("?token=")[1]}");
        },
        ["POST /admin/badges.json"] = () => _api.PostJsonAsync("/admin/badges.json", new JsonObject { ["name"] = "Replayed", ["badge_type_id"] = 3 }),
        ["PUT /admin/badges/{id}.json"] = async () => await _api.PutJsonAsync($"/admin/badges/{Id((await _api.PostJsonAsync("/admin/badges.json", new JsonObject { ["name"] = $"Badge {++_sequence}", ["badge_type_id"] = 3 })).Json["badge"]!)}.json", new JsonObject { ["name"] = $"Badge {++_sequence}", ["badge_type_id"] = 2 }),
        ["DELETE /admin/badges/{id}.json"] = async () => await _api.DeleteAsync($"/admin/badges/{Id((await _api.PostJsonAsync("/admin/badges.json", new JsonObject { ["name"] = $"Badge {++_sequence}", ["badge_type_id"] = 3 })).Json["badge"]!)}.json"),
        ["DELETE /groups/{id}/members.json"] = async () =>
        {
            var (group, user) = (await GroupAsync(), await UserAsync());
            await _api.PutJsonAsync($"/groups/{group}/members.json", new JsonObject { ["usernames"] = user.Name });
            return await _api.SendAsync(HttpMethod.Delete, $"/groups/{group}/members.json", new StringContent(new JsonObject { ["usernames"] = user.Name }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        },
        ["POST /categories.json"] = () => _api.PostJsonAsync("/categories.json", new JsonObject { ["name"] = "Replayed", ["color"] = "49d9e9", ["text_color"] = "f0fcfd" }),
        ["GET /categories.json"] = () => _api.GetAsync("/categories.json"),
        ["PUT /categories/{id}.json"] = () => _api.PutJsonAsync("/categories/4.json", new JsonObject { ["name"] = "General", ["color"] = "25AAE2" }),
        ["GET /c/{slug}/{id}.json"] = () => app.Anonymous().GetAsync("/c/general/4.json"),
        ["GET /c/{id}/show.json"] = () => app.Anonymous().GetAsync("/c/4/show.json"),
        ["POST /admin/groups.json"] = () => _api.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = new JsonObject { ["name"] = "replayers" } }),
        ["DELETE /admin/groups/{id}.json"] = async () => await _api.DeleteAsync($"/admin/groups/{await GroupAsync()}.json"),
        ["GET /groups/{name}.json"] = () => _api.GetAsync("/groups/staff.json"),
        ["PUT /groups/{id}.json"] = async () => await _api.PutJsonAsync($"/groups/{await GroupAsync()}.json", new JsonObject { ["group"] = new JsonObject { ["full_name"] = "Renamed" } }),
        ["GET /groups/by-id/{id}.json"] = () => _api.GetAsync("/groups/by-id/3.json"),
        ["GET /groups/{name}/members.json"] = async () =>
        {
            // The schema is that of a member who has been here: the times of one who never was are null, as Discourse says too.
            var (group, user) = (await GroupAsync(), await UserAsync());
            await app.Database.ExecuteAsync("UPDATE users SET last_posted_at = now(), last_seen_at = now() WHERE id = $1", [user.Id], ForumApp.Cancellation);
            await app.Database.ExecuteAsync("UPDATE user_options SET timezone = 'UTC' WHERE user_id = $1", [user.Id], ForumApp.Cancellation);
            await _api.PutJsonAsync($"/groups/{group}/members.json", new JsonObject { ["usernames"] = user.Name });
            var name = await app.Database.ScalarAsync<string>("SELECT name FROM groups WHERE id = $1", [group], ForumApp.Cancellation);
            return await _api.GetAsync($"/groups/{name}/members.json");
        },
        ["PUT /groups/{id}/members.json"] = async () => await _api.PutJsonAsync($"/groups/{await GroupAsync()}/members.json", new JsonObject { ["usernames"] = (await UserAsync()).Name }),
        ["GET /groups.json"] = () => _api.GetAsync("/groups.json"),
        ["POST /invites.json"] = () => _api.PostJsonAsync("/invites.json", new JsonObject { ["email"] = "invited@example.com" }),
        ["POST /invites/create-multiple.json"] = () => _api.PostJsonAsync("/invites/create-multiple.json", new JsonObject { ["email"] = new JsonArray("one@example.com", "two@example.com") }),
        ["GET /notifications.json"] = () => _api.GetAsync("/notifications.json"),
        ["PUT /notifications/mark-read.json"] = () => _api.PutJsonAsync("/notifications/mark-read.json", new JsonObject()),
        ["GET /posts.json"] = () => _api.GetAsync("/posts.json"),
        ["POST /posts.json"] = async () => await _api.PostJsonAsync("/posts.json", new JsonObject { ["title"] = $"Created by replay number {++_sequence}", ["raw"] = "A post that is created by the replay.", ["category"] = 4 }),
        ["GET /posts/{id}.json"] = async () => await _api.GetAsync($"/posts/{Id(await TopicAsync())}.json"),
        ["PUT /posts/{id}.json"] = async () => await _api.PutJsonAsync($"/posts/{Id(await TopicAsync())}.json", new JsonObject { ["post"] = new JsonObject { ["raw"] = "Edited by the replay, long enough.", ["edit_reason"] = "replay" } }),
        ["DELETE /posts/{id}.json"] = async () =>
        {
            var topic = await TopicAsync();
            var reply = await _api.PostJsonAsync("/posts.json", new JsonObject { ["topic_id"] = (int)topic["topic_id"]!, ["raw"] = "A reply that will be deleted." });
            return await _api.DeleteAsync($"/posts/{Id(reply.Json)}.json");
        },
        ["GET /posts/{id}/replies.json"] = async () =>
        {
            var topic = await TopicAsync();
            await _api.PostJsonAsync("/posts.json", new JsonObject { ["topic_id"] = (int)topic["topic_id"]!, ["raw"] = "A reply to the first post of it.", ["reply_to_post_number"] = 1 });
            return await _api.GetAsync($"/posts/{Id(topic)}/replies.json");
        },
        ["PUT /posts/{id}/locked.json"] = async () => await _api.PutJsonAsync($"/posts/{Id(await TopicAsync())}/locked.json", new JsonObject { ["locked"] = "true" }),
        ["POST /post_actions.json"] = async () => await _api.PostJsonAsync("/post_actions.json", new JsonObject { ["id"] = (int)(await TopicAsync(await MemberAsync()))["id"]!, ["post_action_type_id"] = 2 }),
        ["GET /topics/private-messages/{username}.json"] = async () =>
        {
            await MessageAsync();
            return await _api.GetAsync("/topics/private-messages/replay.json");
        },
        ["GET /topics/private-messages-sent/{username}.json"] = () => _api.GetAsync("/topics/private-messages-sent/replay.json"),
        ["GET /search.json"] = () => _api.GetAsync("/search.json?q=nothingfound"),
        ["GET /site.json"] = () => _api.GetAsync("/site.json"),
        ["GET /site/basic-info.json"] = () => _api.GetAsync("/site/basic-info.json"),
        ["GET /tag_groups.json"] = () => _api.GetAsync("/tag_groups.json"),
        ["POST /tag_groups.json"] = () => _api.PostJsonAsync("/tag_groups.json", new JsonObject { ["name"] = "replayed" }),
        ["GET /tag_groups/{id}.json"] = async () => await _api.GetAsync($"/tag_groups/{Id((await _api.PostJsonAsync("/tag_groups.json", new JsonObject { ["name"] = $"tags{++_sequence}" })).Json["tag_group"]!)}.json"),
        ["PUT /tag_groups/{id}.json"] = async () => await _api.PutJsonAsync($"/tag_groups/{Id((await _api.PostJsonAsync("/tag_groups.json", new JsonObject { ["name"] = $"tags{++_sequence}" })).Json["tag_group"]!)}.json", new JsonObject { ["name"] = $"renamed{_sequence}" }),
        ["GET /tags.json"] = () => _api.GetAsync("/tags.json"),
        ["GET /tag/{name}.json"] = async () =>
        {
            await _api.PutJsonAsync($"/t/-/{Id(await TopicAsync(), "topic_id")}.json", new JsonObject { ["tags"] = new JsonArray("replayed") });
            return await _api.GetAsync("/tag/replayed.json");
        },
        ["GET /t/{id}/posts.json"] = async () =>
        {
            var topic = await TopicAsync();
            return await _api.GetAsync($"/t/{Id(topic, "topic_id")}/posts.json?post_ids[]={Id(topic)}");
        },
        ["GET /t/{id}.json"] = async () => await _api.GetAsync($"/t/{Id(await TopicAsync(), "topic_id")}.json"),
        ["DELETE /t/{id}.json"] = async () => await _api.DeleteAsync($"/t/{Id(await TopicAsync(), "topic_id")}.json"),
        ["PUT /t/-/{id}.json"] = async () => await _api.PutJsonAsync($"/t/-/{Id(await TopicAsync(), "topic_id")}.json", new JsonObject { ["topic"] = new JsonObject { ["title"] = $"A title that is new, number {++_sequence}" } }),
        ["POST /t/{id}/invite.json"] = async () => await _api.PostJsonAsync($"/t/{Id(await MessageAsync(), "topic_id")}/invite.json", new JsonObject { ["user"] = (await UserAsync()).Name }),
        ["POST /t/{id}/invite-group.json"] = async () => await _api.PostJsonAsync($"/t/{Id(await MessageAsync(), "topic_id")}/invite-group.json", new JsonObject { ["group"] = "moderators" }),
        ["PUT /t/{id}/bookmark.json"] = async () => await _api.PutAsync($"/t/{Id(await TopicAsync(), "topic_id")}/bookmark.json"),
        ["PUT /t/{id}/status.json"] = async () => await _api.PutJsonAsync($"/t/{Id(await TopicAsync(), "topic_id")}/status.json", new JsonObject { ["status"] = "closed", ["enabled"] = "true" }),
        ["GET /latest.json"] = () => _api.GetAsync("/latest.json"),
        ["GET /top.json"] = () => _api.GetAsync("/top.json?period=all"),
        ["POST /t/{id}/notifications.json"] = async () => await _api.PostJsonAsync($"/t/{Id(await TopicAsync(), "topic_id")}/notifications.json", new JsonObject { ["notification_level"] = "3" }),
        ["PUT /t/{id}/change-timestamp.json"] = async () => await _api.PutJsonAsync($"/t/{Id(await TopicAsync(), "topic_id")}/change-timestamp.json", new JsonObject { ["timestamp"] = "1594291380" }),
        ["POST /t/{id}/timer.json"] = async () => await _api.PostJsonAsync($"/t/{Id(await TopicAsync(), "topic_id")}/timer.json", new JsonObject { ["time"] = "24", ["status_type"] = "close" }),
        ["GET /t/external_id/{external_id}.json"] = async () =>
        {
            await _api.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "A topic that has an external id", ["raw"] = "It is found by the id of another system.", ["category"] = 4, ["external_id"] = "ext-1" });
            return await _api.GetAsync("/t/external_id/ext-1.json");
        },
        ["POST /uploads.json"] = UploadAsync,
        ["GET /user-badges/{username}.json"] = () => _api.GetAsync("/user-badges/replay.json"),
        ["POST /users.json"] = () => _api.PostJsonAsync("/users.json", new JsonObject { ["name"] = "New", ["email"] = "new@example.com", ["username"] = "newcomer", ["password"] = "a long enough secret", ["active"] = true }),
        ["GET /u/{username}.json"] = async () => await _api.GetAsync($"/u/{(await FeaturedAsync()).Name}.json"),
        ["GET /u/by-external/{external_id}.json"] = async () =>
        {
            var user = await FeaturedAsync();
            await app.Database.ExecuteAsync("INSERT INTO single_sign_on_records (user_id, external_id, last_payload, created_at, updated_at) VALUES ($1, 'ext1', '', now(), now())", [user.Id], ForumApp.Cancellation);
            return await _api.GetAsync("/u/by-external/ext1.json");
        },
        ["GET /u/by-external/{provider}/{external_id}.json"] = async () =>
        {
            var user = await FeaturedAsync();
            await app.Database.ExecuteAsync("INSERT INTO user_associated_accounts (provider_name, provider_uid, user_id, created_at, updated_at) VALUES ('oidc', 'uid1', $1, now(), now())", [user.Id], ForumApp.Cancellation);
            return await _api.GetAsync("/u/by-external/oidc/uid1.json");
        },
        ["PUT /u/{username}.json"] = () => _api.PutJsonAsync("/u/replay.json", new JsonObject { ["name"] = "Re Play" }),
        ["PUT /u/{username}/preferences/avatar/pick.json"] = async () =>
        {
            var upload = (int)(await UploadAsync()).Json["id"]!;
            return await _api.PutJsonAsync("/u/replay/preferences/avatar/pick.json", new JsonObject { ["upload_id"] = upload, ["type"] = "uploaded" });
        },
        ["PUT /u/{username}/preferences/email.json"] = async () => await _api.PutJsonAsync($"/u/{(await UserAsync()).Name}/preferences/email.json", new JsonObject { ["email"] = "changed@example.com" }),
        ["PUT /u/{username}/preferences/username.json"] = async () => await _api.PutJsonAsync($"/u/{(await UserAsync()).Name}/preferences/username.json", new JsonObject { ["new_username"] = "renamed_one" }),
        ["GET /directory_items.json"] = () => _api.GetAsync("/directory_items.json?period=weekly&order=likes_received"),
        ["GET /admin/users/{id}.json"] = async () => await _api.GetAsync($"/admin/users/{(await UserAsync()).Id}.json"),
        ["DELETE /admin/users/{id}.json"] = async () => await _api.DeleteAsync($"/admin/users/{(await UserAsync()).Id}.json"),
        ["PUT /admin/users/{id}/activate.json"] = async () => await _api.PutAsync($"/admin/users/{(await UserAsync()).Id}/activate.json"),
        ["PUT /admin/users/{id}/deactivate.json"] = async () => await _api.PutAsync($"/admin/users/{(await UserAsync()).Id}/deactivate.json"),
        ["PUT /admin/users/{id}/suspend.json"] = async () => await _api.PutJsonAsync($"/admin/users/{(await UserAsync()).Id}/suspend.json", new JsonObject { ["suspend_until"] = "2121-02-22", ["reason"] = "inactivity" }),
        ["PUT /admin/users/{id}/silence.json"] = async () => await _api.PutJsonAsync($"/admin/users/{(await UserAsync()).Id}/silence.json", new JsonObject { ["silenced_till"] = "2121-02-22", ["reason"] = "up to no good" }),
        ["PUT /admin/users/{id}/anonymize.json"] = async () => await _api.PutAsync($"/admin/users/{(await UserAsync()).Id}/anonymize.json"),
        ["POST /admin/users/{id}/log_out.json"] = async () => await _api.PostAsync($"/admin/users/{(await UserAsync()).Id}/log_out.json"),
        ["POST /user_avatar/{username}/refresh_gravatar.json"] = () => _api.PostAsync("/user_avatar/replay/refresh_gravatar.json"),
        ["GET /admin/users.json"] = () => _api.GetAsync("/admin/users.json"),
        ["GET /admin/users/list/{flag}.json"] = () => _api.GetAsync("/admin/users/list/active.json"),
        ["GET /user_actions.json"] = () => _api.GetAsync("/user_actions.json?username=replay&filter=4,5&offset=0"),
        ["POST /session/forgot_password.json"] = () => _api.PostJsonAsync("/session/forgot_password.json", new JsonObject { ["login"] = "replay" }),
        ["PUT /users/password-reset/{token}.json"] = async () =>
        {
            var user = await UserAsync();
            var token = await app.Services.GetRequiredService<Forum.Users.EmailTokens>().AddAsync(
                app.Database, user.Id, $"{user.Name}@example.com", Forum.Users.EmailTokenScope.PasswordReset, ForumApp.Cancellation);
            var answer = await _api.PutJsonAsync($"/users/password-reset/{token}.json", new JsonObject { ["username"] = user.Name, ["password"] = "a long enough secret" });
            Assert.True((bool)answer.Json["success"]!, answer.Body);
            return answer;
        },
        ["GET /u/{username}/emails.json"] = () => _api.GetAsync("/u/replay/emails.json"),
    };

    [Fact]
    public async Task Every_operation_answers_as_published()
    {
        await app.AddUserAsync("replay", admin: true);
        _api = await app.ApiAsync("replay");
        await app.Database.ExecuteAsync("UPDATE users SET name = 'Replay' WHERE username = 'replay'", [], ForumApp.Cancellation);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "discourse-openapi.json"), ForumApp.Cancellation))!;
        var replays = Operations();
        var (passed, all) = (0, 0);
        var failures = new List<string>();

        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(pair => pair.Key is "get" or "post" or "put" or "delete"))
            {
                all++;
                var name = $"{method.ToUpperInvariant()} {path}";
                if (Direct.Contains(name))
                    continue;
                var problem = replays.TryGetValue(name, out var replay) ? await ReplayAsync(replay, operation!) : "is not replayed";
                output.WriteLine($"{(problem is null ? "ok     " : "WRONG  ")} {name}{(problem is null ? "" : ": " + problem)}");
                Console.WriteLine($"{(problem is null ? "ok     " : "WRONG  ")} {name}{(problem is null ? "" : ": " + problem)}");
                if (problem is null)
                    passed++;
                else
                    failures.Add($"{name}: {problem}");
            }
        }

        Console.WriteLine($"{passed} of {all} operations answer as published, {Direct.Count} more are replayed with a storage service");
        Assert.Equal(93, all);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task Every_operation_of_uploads_to_a_storage_service_answers_as_published()
    {
        var s3 = await Servers.S3Server.GetAsync();
        await using var forum = await ForumApp.StartAsync(Uploads.S3Tests.Variables(s3, s3.CreateBucket()));
        await forum.AddUserAsync("replay");
        using var client = await forum.ApiAsync("replay");
        using var http = new HttpClient();
        var begun = new JsonObject { ["type"] = "composer", ["upload_type"] = "composer", ["file_name"] = "dot.png", ["file_size"] = Picture.Length };
        JsonNode put = null!, parts = null!;
        string tag = "";
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "discourse-openapi.json"), ForumApp.Cancellation))!;
        var replays = new (string Path, Func<Task<Answer>> Replay)[]
        {
            ("/uploads/generate-presigned-put.json", () => client.PostJsonAsync("/uploads/generate-presigned-put.json", begun)),
            ("/uploads/complete-external-upload.json", async () =>
            {
                put = (await client.PostJsonAsync("/uploads/generate-presigned-put.json", begun)).Json;
                await PutAsync((string)put["url"]!, put["signed_headers"]!.AsObject());
                return await client.PostJsonAsync("/uploads/complete-external-upload.json", new JsonObject { ["unique_identifier"] = (string)put["unique_identifier"]! });
            }),
            ("/uploads/create-multipart.json", async () =>
            {
                var answer = await client.PostJsonAsync("/uploads/create-multipart.json", begun);
                parts = answer.Json;
                return answer;
            }),
            ("/uploads/batch-presign-multipart-parts.json", async () =>
            {
                var answer = await client.PostJsonAsync("/uploads/batch-presign-multipart-parts.json", new JsonObject { ["part_numbers"] = new JsonArray(1), ["unique_identifier"] = (string)parts["unique_identifier"]! });
                tag = await PutAsync((string)answer.Json["presigned_urls"]!["1"]!, []);
                return answer;
            }),
            ("/uploads/complete-multipart.json", () => client.PostJsonAsync("/uploads/complete-multipart.json", new JsonObject
            {
                ["unique_identifier"] = (string)parts["unique_identifier"]!, ["parts"] = new JsonArray(new JsonObject { ["part_number"] = 1, ["etag"] = tag }),
            })),
            ("/uploads/abort-multipart.json", async () => await client.PostJsonAsync("/uploads/abort-multipart.json", new JsonObject
            {
                ["external_upload_identifier"] = (string)(await client.PostJsonAsync("/uploads/create-multipart.json", begun)).Json["external_upload_identifier"]!,
            })),
        };

        foreach (var (path, replay) in replays)
        {
            Assert.Contains("POST " + path, Direct);
            var problem = await ReplayAsync(replay, document["paths"]![path]!["post"]!);
            Console.WriteLine($"{(problem is null ? "ok     " : "WRONG  ")} POST {path}");
            Assert.True(problem is null, $"POST {path}: {problem}");
        }

        async Task<string> PutAsync(string url, JsonObject headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(Picture) };
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, (string)value!);
            using var response = await http.SendAsync(request, ForumApp.Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            return response.Headers.ETag?.Tag ?? "";
        }
    }

    static async Task<string?> ReplayAsync(Func<Task<Answer>> replay, JsonNode operation)
    {
        Answer answer;
        try
        {
            answer = await replay();
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or System.Text.Json.JsonException or NullReferenceException or InvalidOperationException)
        {
            return $"could not be prepared: {e.Message.Split('\n')[0]}";
        }

        var responses = operation["responses"]!.AsObject();
        if (responses[answer.Status.ToString(CultureInfo.InvariantCulture)] is not JsonObject response)
            return $"answers {answer.Status}, not {string.Join('/', responses.Select(pair => pair.Key))}: {answer.Body[..Math.Min(150, answer.Body.Length)]}";
        if (response["content"]?["application/json"]?["schema"] is not JsonObject schema)
            return null;
        var problems = JsonSchema.Check(JsonNode.Parse(answer.Body), schema);
        return problems.Count == 0 ? null : string.Join("; ", problems.Take(6));
    }
}
