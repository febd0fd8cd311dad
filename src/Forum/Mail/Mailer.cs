using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Settings;
using Forum.Web;

namespace Forum.Mail;

/// <summary>A message to one person. The text is plain; a line that is an address becomes a link in the HTML part.</summary>
/// <param name="To">The address.</param>
/// <param name="Type">The kind, as in email_logs.email_type: signup, forgot_password, email_login …</param>
/// <param name="UserId">Whom it is for, if they are a member.</param>
/// <param name="Subject">Without the site's name, which is put before it.</param>
/// <param name="Text">Paragraphs, with blank lines between.</param>
/// <param name="Unsubscribe">The address that stops such mail at one click, for the headers that mail programs show as a button; null for none.</param>
sealed record MailMessage(string To, string Type, int? UserId, string Subject, string Text, string? Unsubscribe = null);

/// <summary>Queues mail with the work that it belongs to; <see cref="SendMail"/> sends it.</summary>
sealed class Mailer(JobQueue queue)
{
    public Task EnqueueAsync(SqlSession sql, MailMessage message, CancellationToken cancellation) => queue.EnqueueAsync(sql, SendMail.JobName, new JsonObject
    {
        ["to"] = message.To,
        ["type"] = message.Type,
        ["user_id"] = message.UserId,
        ["subject"] = message.Subject,
        ["text"] = message.Text,
        ["unsubscribe"] = message.Unsubscribe,
    }, cancellation);
}

/// <summary>The job that sends one message and logs it as Discourse does.</summary>
sealed class SendMail(ForumDatabase database, SiteSettings settings, BaseUrl baseUrl, MailSettings smtp, TimeProvider time) : IJob
{
    public const string JobName = "user_email";

    /// <summary>Values of skipped_email_logs.reason_type.</summary>
    const int CustomReason = 1;
    const int TooManyBounces = 3;

    public string Name => JobName;

    public async Task RunAsync(JsonObject arguments, CancellationToken cancellation)
    {
        var to = (string)arguments["to"]!;
        var type = (string)arguments["type"]!;
        var userId = (int?)arguments["user_id"];
        var disabled = settings.Text("disable_emails");
        var skipped = smtp.Address is null ? "no mail server is set" : disabled == "yes" ? "disable_emails is on"
            : disabled == "non-staff" && !await IsStaffAsync(userId, cancellation) ? "disable_emails is on but for staff" : null;
        var now = time.GetUtcNow().UtcDateTime;
        if (skipped is not null)
        {
            await SkipAsync(type, to, userId, CustomReason, skipped, cancellation);
            return;
        }

        if (await Bounces.AreTooManyAsync(database, type, userId, settings.Current, now, cancellation))
        {
            await SkipAsync(type, to, userId, TooManyBounces, null, cancellation);
            return;
        }

        var from = settings.Text("notification_email");
        var id = $"discourse/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}@{baseUrl.Host}";
        var message = Format(from, to, $"[{settings.Text("title")}] {(string)arguments["subject"]!}", (string)arguments["text"]!, id, (string?)arguments["unsubscribe"], time.GetUtcNow());
        string answer;
        try
        {
            answer = await new SmtpClient(smtp).SendAsync(from, to, message, cancellation);
        }
        catch (SmtpException e) when (e.IsFinal)
        {
            // There is no such mailbox, or it wants no such mail: another attempt would end alike.
            await SkipAsync(type, to, userId, CustomReason, e.Message, cancellation);
            await Bounces.CountAsync(database, userId, now, cancellation);
            return;
        }

        await database.ExecuteAsync("""
            INSERT INTO email_logs (to_address, email_type, user_id, message_id, smtp_transaction_response, created_at, updated_at)
            VALUES ($1, $2, $3, $4, left($5, 500), $6, $6)
            """, [to, type, userId, id, answer.Trim(), now], cancellation);
        if (userId is not null)
        {
            await database.ExecuteAsync("UPDATE users SET last_emailed_at = $2 WHERE id = $1", [userId, now], cancellation);
        }
    }

    Task<int> SkipAsync(string type, string to, int? userId, int reason, string? text, CancellationToken cancellation) => database.ExecuteAsync("""
        INSERT INTO skipped_email_logs (email_type, to_address, user_id, reason_type, custom_reason, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        """, [type, to, userId, reason, text, time.GetUtcNow().UtcDateTime], cancellation);

    string Format(string from, string to, string subject, string text, string id, string? unsubscribe, DateTimeOffset now)
    {
        var boundary = "--==_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var html = new StringBuilder();
        foreach (var paragraph in text.Split("\n\n"))
        {
            var escaped = HtmlEncoder.Default.Encode(paragraph).Replace("&#xA;", "<br>", StringComparison.Ordinal);
            html.Append(paragraph.StartsWith("http", StringComparison.Ordinal) && !paragraph.Contains('\n')
                ? $"<p><a href=\"{escaped}\">{escaped}</a></p>\n"
                : $"<p>{escaped}</p>\n");
        }

        var custom = settings.Text("email_custom_headers").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("\r\n",
        [
            $"From: {Word(settings.Text("email_site_title") is { Length: > 0 } title ? title : settings.Text("title"))} <{from}>",
            $"To: <{to}>",
            $"Subject: {Word(subject)}",
            $"Date: {now.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)}",
            $"Message-ID: <{id}>",
            // RFC 8058: the program posts to the address by itself.
            .. unsubscribe is null ? (string[])[] : [$"List-Unsubscribe: <{unsubscribe}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"],
            .. custom.Where(header => header.Contains(':', StringComparison.Ordinal)),
            "MIME-Version: 1.0",
            $"Content-Type: multipart/alternative; boundary=\"{boundary}\"",
            "",
            $"--{boundary}",
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: base64",
            "",
            Base64(text),
            $"--{boundary}",
            "Content-Type: text/html; charset=UTF-8",
            "Content-Transfer-Encoding: base64",
            "",
            Base64($"<!DOCTYPE html><html><body>\n{html}</body></html>"),
            $"--{boundary}--",
            "",
        ]);
    }

    async Task<bool> IsStaffAsync(int? userId, CancellationToken cancellation) => await database.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM users WHERE id = $1 AND (admin OR moderator))", [userId ?? 0], cancellation);

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks);

    /// <summary>A header's text; no line break of a title gets into the header's block.</summary>
    static string Word(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.All(c => c is >= ' ' and <= '~' and not '"' and not '<' and not '>') ? text
            : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";
    }
}
