using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd;

/// <summary>A logged-in admin who speaks Discourse's HTTP API.</summary>
sealed class ForumVisitor : IDisposable
{
    readonly HttpClient http;

    ForumVisitor(Uri forum)
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = forum };
        http.DefaultRequestHeaders.Add("X-Requested-With", "XMLHttpRequest");
        http.DefaultRequestHeaders.Add("Accept", "application/json");
    }

    public static async Task<ForumVisitor> LogInAsync(Uri forum, string login, string password)
    {
        var visitor = new ForumVisitor(forum);
        var csrf = await visitor.http.GetFromJsonAsync<JsonElement>("/session/csrf.json", TestContext.Current.CancellationToken);
        visitor.http.DefaultRequestHeaders.Add("X-CSRF-Token", csrf.GetProperty("csrf").GetString());
        using var answer = await visitor.http.PostAsync("/session.json", Form(("login", login), ("password", password)), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return visitor;
    }

    /// <summary>Posts a topic; null if the forum did not acknowledge it.</summary>
    public async Task<int?> PostTopicAsync(string title, string raw)
    {
        try
        {
            using var answer = await http.PostAsync("/posts.json", Form(("title", title), ("raw", raw)), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("topic_id").GetInt32()
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Whether a topic can be read.</summary>
    public async Task<bool> CanReadAsync(int topic)
    {
        try
        {
            using var answer = await http.GetAsync($"/t/{topic}.json", TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));
}
