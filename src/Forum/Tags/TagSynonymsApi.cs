using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Tags;

/// <summary>Other names for tags, and tags that nothing uses.</summary>
static class TagSynonymsApi
{
    public static void MapTagSynonyms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/tag/{name}/synonyms", AddAsync).RequireStaff().Named("tags#create_synonyms");
        app.MapDelete("/tag/{name}/synonyms/{synonym}", RemoveAsync).RequireStaff().Named("tags#destroy_synonym");
        app.MapGet("/tags/unused", UnusedAsync).RequireStaff().Named("tags#list_unused");
        app.MapDelete("/tags/unused", DeleteUnusedAsync).RequireStaff().Named("tags#destroy_unused");
    }

    static async Task<Tag> FindAsync(SqlSession sql, string name, CancellationToken cancellation) => (await TagStore.FindAsync(sql, [name], cancellation)).FirstOrDefault() ?? throw Refused.NotFound();

    /// <summary>Topics that have a synonym get the tag instead.</summary>
    static async Task<IResult> AddAsync(HttpContext context, string name, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        var target = await FindAsync(sql, name, cancellation);
        var failed = new JsonObject();
        foreach (var wanted in (given.List("synonyms") ?? given.List("tags") ?? throw Refused.Missing("synonyms")).Select(tag => TagStore.Clean(tag, viewer)).Where(tag => tag.Length > 0))
        {
            var existing = (await TagStore.FindAsync(sql, [wanted], cancellation)).FirstOrDefault();
            if (existing?.Id == target.Id)
            {
                failed[wanted] = "is a synonym of this tag already";
                continue;
            }

            var synonym = existing ?? await TagStore.AddAsync(sql, wanted, viewer.Now, cancellation);
            await sql.ExecuteAsync("""
                INSERT INTO topic_tags (topic_id, tag_id, created_at, updated_at)
                SELECT o.topic_id, $2, $3, $3 FROM topic_tags o
                WHERE o.tag_id = $1 AND NOT EXISTS (SELECT FROM topic_tags n WHERE n.topic_id = o.topic_id AND n.tag_id = $2)
                """, [synonym.Id, target.Id, viewer.Now], cancellation);
            await sql.ExecuteAsync("DELETE FROM topic_tags WHERE tag_id = $1", [synonym.Id], cancellation);
            await sql.ExecuteAsync("DELETE FROM tag_users WHERE tag_id = $1", [synonym.Id], cancellation);
            await sql.ExecuteAsync("UPDATE tags SET target_tag_id = $2, updated_at = $3 WHERE id = $1 OR target_tag_id = $1", [synonym.Id, target.Id, viewer.Now], cancellation);
            await TagStore.CountAsync(sql, [synonym.Id, target.Id], cancellation);
        }

        await sql.CommitAsync(cancellation);
        return failed.Count == 0 ? Replies.Success() : Replies.Json(new JsonObject { ["failed"] = "FAILED", ["failed_tags"] = failed });
    }

    static async Task<IResult> RemoveAsync(string name, string synonym, ForumDatabase database, CancellationToken cancellation)
    {
        var target = await FindAsync(database, name, cancellation);
        var changed = await database.ExecuteAsync("UPDATE tags SET target_tag_id = NULL WHERE target_tag_id = $1 AND (lower(name) = lower($2) OR id::text = $2)", [target.Id, synonym], cancellation);
        return changed > 0 ? Replies.Success() : throw Refused.NotFound();
    }

    static Task<List<(int Id, string Name)>> UnusedTagsAsync(SqlSession sql, CancellationToken cancellation) => sql.ListAsync("""
        SELECT t.id, t.name
        FROM tags t
        WHERE t.staff_topic_count = 0 AND t.pm_topic_count = 0 AND t.target_tag_id IS NULL AND NOT EXISTS (SELECT FROM tag_group_memberships m WHERE m.tag_id = t.id)
            AND NOT EXISTS (SELECT FROM topic_tags tt WHERE tt.tag_id = t.id)
        ORDER BY t.name
        """, row => (row.Int(0), row.Text(1)), [], cancellation);

    static async Task<IResult> UnusedAsync(ForumDatabase database, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["tags"] = (await UnusedTagsAsync(database, cancellation)).Select(tag => tag.Name).ToJsonArray() });

    static async Task<IResult> DeleteUnusedAsync(ForumDatabase database, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        foreach (var (id, _) in await UnusedTagsAsync(sql, cancellation))
            await TagStore.DeleteAsync(sql, id, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }
}
