using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forum.Database;
using Forum.Jobs;

namespace Forum.Users;

/// <summary>Writes a member's new name into mentions and quotes of existing posts.</summary>
sealed class UpdateUsername(ForumDatabase database) : IJob
{
    public const string JobName = "update_username";

    public string Name => JobName;

    public async Task RunAsync(JsonObject arguments, CancellationToken cancellation)
    {
        var old = (string)arguments["old_username"]!;
        var now = (string)arguments["new_username"]!;
        var escaped = Regex.Escape(old);
        // The same as Regex.Escape for what names may hold: letters, digits, _ . and -.
        await database.ExecuteAsync("""
            UPDATE posts
            SET raw = regexp_replace(regexp_replace(raw, '(^|[^\w])@' || $1 || '(?![\w.-]*\w)', '\1@' || $2, 'gi'), '\[quote="' || $1 || '(?=[,"])', '[quote="' || $2, 'gi'),
                cooked = regexp_replace(regexp_replace(cooked, '(href="[^"]*/u/)' || lower($1) || '">@' || $1 || '(?=</a>)', '\1' || lower($2) || '">@' || $2, 'gi'),
                    'data-username="' || $1 || '"', 'data-username="' || $2 || '"', 'gi')
            WHERE raw ~* ('(@|\[quote=")' || $1)
            """, [escaped, now], cancellation);
    }
}
