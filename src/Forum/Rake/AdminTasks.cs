using Forum.Database;
using Forum.Settings;
using Forum.Users;

namespace Forum.Rake;

/// <summary>admin:create: makes an account, or gives an existing one a new password and rights, by questions and answers.</summary>
/// <remarks>Source: the container contract; the order of the answers and the exit codes are its promise.</remarks>
static class AdminTasks
{
    const int EndOfInput = 1;

    public static async Task<int> CreateAsync(RakeContext context, CancellationToken cancellation)
    {
        await context.Get<SiteSettings>().LoadAsync(cancellation);
        while (true)
        {
            if (await AskAsync(context, "Email:  ") is not { } email)
            {
                return EndOfInput;
            }

            var existing = await UserTasks.FindByEmailAsync(context, email, cancellation);
            var (outcome, id) = existing is { } found
                ? await ChangeAsync(context, found, cancellation)
                : await AddAsync(context, email.Trim(), cancellation);
            switch (outcome)
            {
                case Outcome.Ended:
                    return EndOfInput;
                case Outcome.Again:
                    continue;
            }

            await context.Output.WriteLineAsync();
            if (await AskAsync(context, "Do you want to grant Admin privileges to this account? (Y/n)  ") is not { } grant)
            {
                return EndOfInput;
            }

            if (IsYes(grant))
            {
                var administration = context.Get<UserAdministration>();
                await administration.GrantAdminAsync(id, -1, cancellation);
                await administration.ActivateAsync(id, cancellation);
                await context.Output.WriteLineAsync();
                await context.Output.WriteLineAsync("Your account now has Admin privileges!");
            }

            return 0;
        }
    }

    enum Outcome
    {
        Done,
        Again,
        Ended,
    }

    static async Task<(Outcome, int)> ChangeAsync(RakeContext context, int id, CancellationToken cancellation)
    {
        if (await AskAsync(context, "User with this email already exists! Do you want to reset the password for this email? (Y/n)  ") is not { } reset)
        {
            return (Outcome.Ended, 0);
        }

        var database = context.Get<ForumDatabase>();
        if (IsYes(reset))
        {
            if (await AskPasswordAsync(context) is not { } password)
            {
                return (Outcome.Ended, 0);
            }

            var user = await database.FindAsync("""
                SELECT u.username, e.email, u.name
                FROM users u
                LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
                WHERE u.id = $1
                """, row => (Username: row.Text(0), Email: row.TextOrNull(1), Name: row.TextOrNull(2)), [id], cancellation);
            var problems = PasswordRules.Problems(password, user.Username, user.Email, user.Name, isStaff: true, context.Get<SiteSettings>().Current);
            if (problems.Count > 0)
            {
                await SayAsync(context, problems.Select(problem => "Password " + problem));
                return (Outcome.Again, 0);
            }

            var hash = await context.Get<PasswordWork>().HashAsync(password, cancellation);
            await PasswordStore.SetAsync(database, id, hash, context.Get<TimeProvider>().GetUtcNow().UtcDateTime, cancellation);
        }

        await EnsureActiveAsync(context, id, cancellation);
        await context.Output.WriteLineAsync("Account updated successfully!");
        return (Outcome.Done, id);
    }

    static async Task<(Outcome, int)> AddAsync(RakeContext context, string email, CancellationToken cancellation)
    {
        var password = context.Globals.Environment.GetValueOrDefault("RANDOM_PASSWORD") is { Length: > 0 }
            ? Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))
            : await AskPasswordAsync(context);
        if (password is null)
        {
            return (Outcome.Ended, 0);
        }

        var settings = context.Get<SiteSettings>();
        string? name = null;
        if (settings.Text("full_name_requirement") == "required_at_signup")
        {
            name = await AskAsync(context, "Full name:  ");
            if (name is null)
            {
                return (Outcome.Ended, 0);
            }
        }

        var creation = context.Get<UserCreation>();
        var user = new NewUser
        {
            Username = await UsernameStore.SuggestAsync(context.Get<ForumDatabase>(), email, settings.Current, cancellation),
            Email = email,
            Password = password,
            Name = name,
            IsActive = true,
        };
        var errors = await creation.CheckAsync(user, cancellation);
        if (errors.Any || await creation.CreateAsync(user, cancellation) is not { } made)
        {
            await SayAsync(context, errors.Any ? errors.Sentences : ["The account was made by someone else just now"]);
            return (Outcome.Again, 0);
        }

        await EnsureActiveAsync(context, made.Id, cancellation);
        await context.Output.WriteLineAsync($"Account created successfully with username {user.Username}");
        return (Outcome.Done, made.Id);
    }

    static async Task EnsureActiveAsync(RakeContext context, int id, CancellationToken cancellation)
    {
        await context.Output.WriteLineAsync();
        await context.Output.WriteLineAsync("Ensuring account is active!");
        await context.Get<ForumDatabase>().ExecuteAsync("UPDATE users SET active = true WHERE id = $1", [id], cancellation);
        await context.Output.WriteLineAsync();
    }

    static async Task<string?> AskPasswordAsync(RakeContext context)
    {
        while (true)
        {
            if (await AskAsync(context, "Password:  ", hidden: true) is not { } password || await AskAsync(context, "Repeat password:  ", hidden: true) is not { } again)
            {
                return null;
            }

            if (password == again)
            {
                return password;
            }

            await context.Output.WriteLineAsync("Passwords don't match, try again...");
        }
    }

    static async Task<string?> AskAsync(RakeContext context, string question, bool hidden = false)
    {
        await context.Output.WriteAsync(question);
        await context.Output.FlushAsync();
        if (!hidden || Console.IsInputRedirected || !ReferenceEquals(context.Input, Console.In))
        {
            return await context.Input.ReadLineAsync();
        }

        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
            {
                text.Length--;
            }
            else if (key.KeyChar >= ' ')
            {
                text.Append(key.KeyChar);
            }
        }

        await context.Output.WriteLineAsync();
        return text.ToString();
    }

    static async Task SayAsync(RakeContext context, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await context.Output.WriteLineAsync(line);
        }
    }

    static bool IsYes(string answer) => answer.Trim() is "" or "y" or "Y";
}
