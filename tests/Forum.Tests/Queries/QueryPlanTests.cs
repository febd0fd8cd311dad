using System.Globalization;

namespace Forum.Tests.Queries;

/// <summary>No page reads more of the forum than it shows: the plans of all its statements, after so many calls that they are prepared.</summary>
[Collection(typeof(MediumForumCollection))]
public sealed class QueryPlanTests(MediumForum forum)
{
    /// <summary>PostgreSQL decides on a plan for all values at the sixth call of a statement that is prepared at the third.</summary>
    const int Calls = 10;

    /// <summary>Rows of one table that one statement may read, for pages of thirty topics and twenty posts; what asks for more says so.</summary>
    const int MostRows = 700;

    /// <summary>Search looks at the newest posts until enough match, or at all that match when they are few: the worst is a word in every twentieth post.</summary>
    const int MostSearchRows = 12_000;

    public static TheoryData<string, bool, int> Pages => new()
    {
        { "/latest.json", false, MostRows },
        { "/latest.json", true, MostRows },
        { "/latest", true, MostRows },
        { "/latest.json?page=20", true, MostRows * 2 },
        { "/latest.json?order=created", true, MostRows },
        { "/top.json", true, MostRows },
        { "/top.json?period=weekly", false, MostRows },
        { "/new.json", true, MostRows },
        { "/unread.json", true, MostRows },
        { "/c/area-1/5.json", true, MostRows },
        // The newest topics of the site are read until enough are of the category, or all of the category: the worst is one in a hundred.
        { "/c/area-12/16.json", false, MostRows * 2 },
        { "/c/area-1/5/l/top.json", false, MostRows },
        { "/categories.json", true, MostRows },
        { "/t/{long}.json", true, MostRows },
        { "/t/{long}.json?page=3", false, MostRows },
        { "/t/{long}/40.json", true, MostRows },
        { "/t/{long}/posts.json?post_ids[]=1000&post_ids[]=1001", true, MostRows },
        { "/t/{short}.json", false, MostRows },
        { "/posts.json", false, MostRows },
        { "/posts/{post}.json", true, MostRows },
        { "/posts/{post}/replies.json", true, MostRows },
        { "/notifications.json", true, MostRows },
        { "/u/{member}.json", true, MostRows },
        { "/user_actions.json?username={member}&filter=4,5", true, MostRows },
        { "/topics/created-by/{member}.json", true, MostRows },
        { "/directory_items.json?period=weekly&order=likes_received", true, 1_000 },
        { "/topics/private-messages/{member}.json", true, MostRows },
        { "/topics/private-messages-sent/{member}.json", true, MostRows },
        { "/topics/private-messages-new/{member}.json", true, MostRows },
        { "/search.json?q=server", false, MostSearchRows },
        { "/search.json?q=server+update", true, MostSearchRows },
        { "/search/query.json?term=upgrade", true, MostSearchRows },
        { "/tags.json", false, MostRows },
        { "/site.json", true, MostRows },
        { "/session/current.json", true, MostRows },
        { "/latest.rss", false, MostRows },
        { "/t/{slug}/{long}.rss", false, MostRows },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_reads_no_more_than_it_shows(string page, bool signedIn, int mostRows)
    {
        var client = signedIn ? await forum.App.SignInAsync(40) : forum.App.Anonymous();
        // An answer from memory has no plan.
        client.Headers.Add("Cookie", "_bypass_cache=1");
        var path = await FillInAsync(page);
        for (var call = 0; call < Calls; call++)
        {
            var answer = await client.GetAsync(path);
            Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Body}");
        }

        var problems = await forum.ProblemsAsync(() => client.GetAsync(path), mostRows);

        Assert.Empty(problems);
    }

    /// <summary>A member of middling diligence, a long topic, a short one, a post with replies.</summary>
    async Task<string> FillInAsync(string page)
    {
        var member = await forum.Database.ScalarAsync<string>("SELECT username FROM users WHERE id = 40", [], ForumApp.Cancellation);
        var longest = await forum.Database.ScalarAsync<int>(
            "SELECT id FROM topics WHERE archetype = 'regular' AND category_id < 10 ORDER BY posts_count DESC LIMIT 1", [], ForumApp.Cancellation);
        var shortest = await forum.Database.ScalarAsync<int>(
            "SELECT id FROM topics WHERE archetype = 'regular' AND category_id BETWEEN 5 AND 10 ORDER BY posts_count, id LIMIT 1", [], ForumApp.Cancellation);
        var post = await forum.Database.ScalarAsync<int>("SELECT id FROM posts WHERE topic_id = $1 ORDER BY reply_count DESC LIMIT 1", [longest], ForumApp.Cancellation);
        var slug = await forum.Database.ScalarAsync<string>("SELECT slug FROM topics WHERE id = $1", [longest], ForumApp.Cancellation);
        return page.Replace("{slug}", slug, StringComparison.Ordinal).Replace("{member}", member, StringComparison.Ordinal).Replace("{long}", Text(longest), StringComparison.Ordinal)
            .Replace("{short}", Text(shortest), StringComparison.Ordinal).Replace("{post}", Text(post), StringComparison.Ordinal);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
