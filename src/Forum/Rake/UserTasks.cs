using Forum.Database;
using Forum.Settings;
using Forum.Users;

namespace Forum.Rake;

/// <summary>users:exists[EMAIL], users:activate[EMAIL], users:anonymize[USERNAME].</summary>
static class UserTasks
{
    public static async Task<int> ExistsAsync(RakeContext context, CancellationToken cancellation)
    {
        var email = context.Arguments is [var first, ..] ? first : "";
        if (await FindByEmailAsync(context, email, cancellation) is not null)
        {
            await context.Output.WriteLineAsync($"User with email {email} exists");
            return 0;
        }

        await context.Output.WriteLineAsync($"ERROR: User with email {email} not found");
        return 2;
    }

    public static async Task<int> ActivateAsync(RakeContext context, CancellationToken cancellation)
    {
        var email = context.Arguments is [var first, ..] ? first : "";
        if (await FindByEmailAsync(context, email, cancellation) is not { } id)
        {
            await context.Output.WriteLineAsync($"User with email {email} does not exist");
            return 2;
        }

        await context.Get<UserAdministration>().ActivateAsync(id, cancellation);
        await context.Output.WriteLineAsync($"User with email {email} activated");
        return 0;
    }

    public static async Task<int> AnonymizeAsync(RakeContext context, CancellationToken cancellation)
    {
        var username = context.Arguments is [var first, ..] ? first : "";
        var id = await context.Get<ForumDatabase>().ScalarAsync<int?>(
            "SELECT id FROM users WHERE username_lower = $1 AND id > 0", [Usernames.Lower(username)], cancellation);
        if (id is null)
        {
            await context.Output.WriteLineAsync($"ERROR: User with username {username} does not exist");
            return 1;
        }

        await context.Get<SiteSettings>().LoadAsync(cancellation);
        var name = await context.Get<Anonymization>().AnonymizeAsync(id.Value, -1, cancellation);
        await context.Output.WriteLineAsync($"User with username {username} has been anonymized and is now {name}");
        return 0;
    }

    public static Task<int?> FindByEmailAsync(RakeContext context, string email, CancellationToken cancellation) =>
        context.Get<ForumDatabase>().ScalarAsync<int?>("SELECT user_id FROM user_emails WHERE lower(email) = $1", [Emails.Clean(email)], cancellation);
}
