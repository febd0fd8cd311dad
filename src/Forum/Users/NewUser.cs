using Forum.Configuration;
using Forum.Database;
using Forum.Settings;
using Npgsql;

namespace Forum.Users;

/// <summary>Someone to be made a member.</summary>
sealed record NewUser
{
    public required string Username { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Null: they sign in by other means.</summary>
    public string? Password { get; init; }

    public bool IsActive { get; init; }

    public bool IsApproved { get; init; }

    public bool IsStaged { get; init; }

    public string? Ip { get; init; }

    public string? Locale { get; init; }

    public string? Timezone { get; init; }

    public int? TrustLevel { get; init; }

    /// <summary>By field id.</summary>
    public IReadOnlyDictionary<int, string> Fields { get; init; } = new Dictionary<int, string>();

    /// <summary>The rules about passwords are stricter for developers, who become admins.</summary>
    public bool IsPasswordOptional { get; init; }
}

/// <summary>What is wrong with a member's data, by field; each text continues the field's name.</summary>
sealed class UserErrors
{
    readonly Dictionary<string, List<string>> _fields = [];

    public IReadOnlyDictionary<string, List<string>> Fields => _fields;

    public bool Any => _fields.Count > 0;

    /// <summary>Whole sentences: "Username must be unique".</summary>
    public IEnumerable<string> Sentences => _fields.SelectMany(pair => pair.Value.Select(text => $"{Title(pair.Key)} {text}"));

    public void Add(string field, params IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (!_fields.TryGetValue(field, out var list))
            {
                _fields[field] = list = [];
            }

            list.Add(text);
        }
    }

    static string Title(string field) => field.Length == 0 ? "" : char.ToUpperInvariant(field[0]) + field[1..].Replace('_', ' ');
}

/// <summary>Makes members, with every row that one has from the first moment on.</summary>
sealed class UserCreation(ForumDatabase database, SiteSettings settings, GlobalSettings globals, PasswordWork passwords, EmailTokens emailTokens, TimeProvider time)
{
    /// <summary>The problems with someone's data; empty when they can be made.</summary>
    public async Task<UserErrors> CheckAsync(NewUser user, CancellationToken cancellation)
    {
        var values = settings.Current;
        var errors = new UserErrors();
        var problems = Usernames.Problems(user.Username, values);
        errors.Add("username", problems);
        if (problems.Count == 0)
        {
            if (Usernames.IsReserved(user.Username, values))
            {
                errors.Add("username", "is not allowed");
            }
            else if (await UsernameStore.IsTakenAsync(database, user.Username, null, cancellation))
            {
                errors.Add("username", "must be unique");
            }
        }

        await CheckEmailAsync(user.Email, errors, cancellation);
        if (user.Password is not null || !user.IsPasswordOptional)
        {
            errors.Add("password", PasswordRules.Problems(
                user.Password, user.Username, user.Email, user.Name, globals.DeveloperEmails.Contains(Emails.Clean(user.Email)), values));
        }

        if (user.Name is { Length: > 255 })
        {
            errors.Add("name", "is too long (maximum is 255 characters)");
        }

        return errors;
    }

    public async Task CheckEmailAsync(string email, UserErrors errors, CancellationToken cancellation)
    {
        email = Emails.Clean(email);
        if (!Emails.IsValid(email))
        {
            errors.Add("email", "is invalid.");
        }
        else if (!Emails.IsAllowed(email, settings.Current))
        {
            errors.Add("email", "isn't allowed from that email provider. Please use another email address.");
        }
        else if (await IsEmailTakenAsync(email, cancellation))
        {
            errors.Add("email", "has already been taken");
        }
        else if (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM screened_emails WHERE email = $1 AND action_type = 1)", [email], cancellation))
        {
            errors.Add("email", "is not allowed.");
        }
    }

    public Task<bool> IsEmailTakenAsync(string email, CancellationToken cancellation) => database.ScalarAsync<bool>("""
        SELECT EXISTS (SELECT FROM user_emails WHERE lower(email) = $1 OR ($2 AND normalized_email = $3))
        """, [Emails.Clean(email), settings.Bool("normalize_emails"), Emails.Normalized(email)], cancellation)!;

    /// <summary>Makes a member whose data was checked.</summary>
    /// <returns>The id, and the token of the mailed link; null when two came at once and the other was first.</returns>
    public async Task<(int Id, string Token)?> CreateAsync(NewUser user, CancellationToken cancellation)
    {
        var hash = user.Password is null ? null : await passwords.HashAsync(user.Password, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        try
        {
            var id = await InsertAsync(work, user, now, cancellation);
            if (hash is not null)
            {
                await PasswordStore.SetAsync(work, id, hash, now, cancellation);
            }

            await AddOptionsAsync(work, id, user, now, cancellation);
            await AutomaticGroups.RefreshAsync(work, id, now, cancellation);
            foreach (var (field, value) in user.Fields)
            {
                await work.ExecuteAsync("""
                    INSERT INTO user_custom_fields (user_id, name, value, created_at, updated_at)
                    VALUES ($1, 'user_field_' || $2, $3, $4, $4)
                    """, [id, field, value, now], cancellation);
            }

            var token = await emailTokens.AddAsync(work, id, Emails.Clean(user.Email), EmailTokenScope.Signup, cancellation);
            await work.CommitAsync(cancellation);
            return (id, token);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    async Task<int> InsertAsync(ForumTransaction work, NewUser user, DateTime now, CancellationToken cancellation)
    {
        var email = Emails.Clean(user.Email);
        var isAutoApproved = user.IsApproved || settings.List("auto_approve_email_domains").Any(domain => email.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase));
        var level = user.TrustLevel ?? (int.TryParse(settings.Text("default_trust_level"), out var given) ? given : 0);
        var id = await work.ScalarAsync<int>("""
            INSERT INTO users (username, username_lower, name, created_at, updated_at, active, approved, approved_at, approved_by_id,
                trust_level, registration_ip_address, ip_address, locale, staged)
            VALUES ($1, $2, $3, $4, $4, $5, $6, CASE WHEN $6 THEN $4 END, CASE WHEN $6 THEN -1 END, $7, $8::inet, $8::inet, $9, $10)
            RETURNING id
            """, [user.Username, Usernames.Lower(user.Username), user.Name, now, user.IsActive, isAutoApproved, level, user.Ip, user.Locale, user.IsStaged], cancellation);
        await work.ExecuteAsync("""
            INSERT INTO user_emails (user_id, email, normalized_email, "primary", created_at, updated_at)
            VALUES ($1, $2, $3, true, $4, $4)
            """, [id, email, Emails.Normalized(email), now], cancellation);
        await work.ExecuteAsync("INSERT INTO user_stats (user_id, new_since) VALUES ($1, $2)", [id, now], cancellation);
        await work.ExecuteAsync("INSERT INTO user_profiles (user_id) VALUES ($1)", [id], cancellation);
        await work.ExecuteAsync("""
            INSERT INTO user_search_data (user_id, search_data, raw_data, locale, version)
            VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', coalesce($3, '')), 'B'), $2, 'en', 3)
            """, [id, Usernames.Lower(user.Username), user.Name], cancellation);
        return id;
    }

    async Task AddOptionsAsync(ForumTransaction work, int id, NewUser user, DateTime now, CancellationToken cancellation)
    {
        var values = settings.Current;
        var digest = int.TryParse(values.Text("default_email_digest_frequency"), out var minutes) ? minutes : 10080;
        await work.ExecuteAsync("""
            INSERT INTO user_options (user_id, email_digests, digest_after_minutes, include_tl0_in_digests, email_level, email_messages_level,
                mailing_list_mode, mailing_list_mode_frequency, email_previous_replies, email_in_reply_to, hide_profile_and_presence,
                new_topic_duration_minutes, auto_track_topics_after_msecs, notification_level_when_replying, external_links_in_new_tab,
                enable_quoting, enable_defer, dynamic_favicon, like_notification_frequency, automatically_unpin_topics,
                sidebar_link_to_filtered_list, sidebar_show_count_of_new_items, timezone)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
            """,
            [
                id, digest > 0, digest, values.Bool("default_include_tl0_in_digests"), Level("default_email_level"), Level("default_email_messages_level"),
                values.Bool("default_email_mailing_list_mode"), values.Int("default_email_mailing_list_mode_frequency"), values.Int("default_email_previous_replies"),
                values.Bool("default_email_in_reply_to"), values.Bool("default_hide_profile"), values.Int("default_other_new_topic_duration_minutes"),
                values.Int("default_other_auto_track_topics_after_msecs"), values.Int("default_other_notification_level_when_replying"),
                values.Bool("default_other_external_links_in_new_tab"), values.Bool("default_other_enable_quoting"), values.Bool("default_other_enable_defer"),
                values.Bool("default_other_dynamic_favicon"), values.Int("default_other_like_notification_frequency"), values.Bool("default_topics_automatic_unpin"),
                values.Bool("default_sidebar_link_to_filtered_list"), values.Bool("default_sidebar_show_count_of_new_items"), user.Timezone,
            ], cancellation);
        foreach (var (setting, level) in new[] { ("muted", 0), ("tracking", 2), ("watching", 3), ("watching_first_post", 4) })
        {
            var categories = values.Ids($"default_categories_{setting}").ToArray();
            if (categories.Length > 0)
            {
                await work.ExecuteAsync("""
                    INSERT INTO category_users (category_id, user_id, notification_level)
                    SELECT id, $1, $3
                    FROM categories
                    WHERE id = ANY($2)
                    """, [id, categories, level], cancellation);
            }

            var tags = values.List($"default_tags_{setting}").ToArray();
            if (tags.Length > 0)
            {
                await work.ExecuteAsync("""
                    INSERT INTO tag_users (tag_id, user_id, notification_level, created_at, updated_at)
                    SELECT id, $1, $3, $4, $4
                    FROM tags
                    WHERE lower(name) = ANY($2)
                    """, [id, tags, level, now], cancellation);
            }
        }

        int Level(string name) => int.TryParse(values.Text(name), out var level) ? level : 1;
    }
}
