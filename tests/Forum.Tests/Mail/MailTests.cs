using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Forum.Jobs;
using Forum.Mail;
using Microsoft.Extensions.DependencyInjection;
using Servers;

namespace Forum.Tests.Mail;

public sealed partial class MailTests
{
    [Theory]
    [InlineData("plain", "PLAIN")]
    [InlineData("login", "LOGIN")]
    [InlineData("cram_md5", "CRAM-MD5")]
    public async Task Each_way_to_authenticate_works_over_starttls(string setting, string method)
    {
        using var server = new SmtpServer { OffersStartTls = true, Account = ("mailer", "secret word") };

        await Client(server, setting).SendAsync("forum@example.com", "reader@example.com", "Subject: Hello\r\n\r\n.hidden\r\n..\r\nend", ForumApp.Cancellation);

        var mail = Assert.Single(server.Mails);
        Assert.Equal(("forum@example.com", "reader@example.com", method, true), (mail.From, mail.To, mail.Authentication, mail.IsSecure));
        Assert.Equal("Subject: Hello\r\n\r\n.hidden\r\n..\r\nend", mail.Text);
    }

    [Fact]
    public async Task Tls_from_the_start_and_no_authentication_work_and_a_certificate_is_checked_when_that_is_asked_for()
    {
        using var secure = new SmtpServer { IsSecureFromStart = true };
        await new SmtpClient(Settings(secure) with { ForceTls = true, UserName = null }).SendAsync("a@example.com", "b@example.com", "x", ForumApp.Cancellation);
        Assert.True(Assert.Single(secure.Mails).IsSecure);

        using var plain = new SmtpServer();
        await new SmtpClient(Settings(plain) with { Authentication = "none" }).SendAsync("a@example.com", "b@example.com", "x", ForumApp.Cancellation);
        Assert.Null(Assert.Single(plain.Mails).Authentication);

        using var unknown = new SmtpServer { OffersStartTls = true };
        await Assert.ThrowsAnyAsync<Exception>(() => new SmtpClient(Settings(unknown) with { VerifyMode = "peer", UserName = null }).SendAsync("a@example.com", "b@example.com", "x", ForumApp.Cancellation));
        Assert.Empty(unknown.Mails);
    }

    [Fact]
    public async Task A_wrong_password_and_a_server_that_is_not_there_are_said()
    {
        using var server = new SmtpServer { OffersStartTls = true, Account = ("mailer", "another") };
        Assert.Equal(535, (await Assert.ThrowsAsync<SmtpException>(() => Client(server, "plain").SendAsync("a@example.com", "b@example.com", "x", ForumApp.Cancellation))).Code);

        var gone = await Assert.ThrowsAsync<IOException>(() => new SmtpClient(Settings(server) with { Port = 1 }).SendAsync("a@example.com", "b@example.com", "x", ForumApp.Cancellation));
        Assert.Contains("cannot reach the mail server", gone.Message);
    }

    [Fact]
    public async Task Mail_of_the_forum_is_queued_sent_logged_tried_again_and_given_up_where_there_is_no_mailbox()
    {
        using var server = new SmtpServer { OffersStartTls = true, Account = ("mailer", "secret word") };
        server.Refusals["later@example.com"] = new Queue<string>(["450 come back later"]);
        server.Refusals["nobody@example.com"] = new Queue<string>(["550 no such mailbox"]);
        await using var app = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_SMTP_ADDRESS"] = "127.0.0.1",
            ["DISCOURSE_SMTP_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_SMTP_USER_NAME"] = "mailer",
            ["DISCOURSE_SMTP_PASSWORD"] = "secret word",
            ["DISCOURSE_SMTP_AUTHENTICATION"] = "login",
            ["DISCOURSE_SMTP_ENABLE_START_TLS"] = "true",
            ["DISCOURSE_SMTP_OPENSSL_VERIFY_MODE"] = "none",
            ["DISCOURSE_NOTIFICATION_EMAIL"] = "noreply@forum.test",
            ["DISCOURSE_TITLE"] = "Fórum\r\nBcc: evil@example.com",
        });
        foreach (var name in new[] { "reader", "later", "nobody" })
        {
            await app.AddUserAsync(name);
            (await (await app.Anonymous().WithCsrfAsync()).PostAsync("/session/forgot_password", ("login", name))).Expect(200);
        }

        var mail = await FirstAsync(server, "reader@example.com");
        Assert.Equal("noreply@forum.test", mail.From);
        Assert.DoesNotContain(mail.Text.Split("\r\n\r\n")[0].Split("\r\n"), line => line.StartsWith("Bcc:", StringComparison.Ordinal));
        Assert.Matches("(?m)^Message-ID: <discourse/.+@forum.test>", mail.Text);
        var body = Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Replace(Plain().Match(mail.Text).Groups[1].Value, @"\s", "")));
        Assert.Matches("http://forum.test/u/password-reset/[0-9a-f]{32}", body);
        // No mailbox: noted, and not tried for weeks.
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM skipped_email_logs WHERE to_address = 'nobody@example.com' AND custom_reason LIKE '%no such mailbox%')", [], ForumApp.Cancellation));
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT bounce_score = 2 AND reset_bounce_score_after > now() FROM user_stats s JOIN users u ON u.id = s.user_id WHERE u.username = 'nobody'", [], ForumApp.Cancellation));
        // Later: the job waits for its next time, which is brought forward here.
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM forum_jobs WHERE arguments->>'to' = 'later@example.com' AND error LIKE '%come back later%')", [], ForumApp.Cancellation));
        await app.Database.ExecuteAsync("UPDATE forum_jobs SET run_at = now() - interval '1 minute'", [], ForumApp.Cancellation);
        await FirstAsync(server, "later@example.com");
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT count(*) = 2 FROM email_logs WHERE smtp_transaction_response LIKE 'queued as%'", [], ForumApp.Cancellation));
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM forum_jobs WHERE name = $1)", [SendMail.JobName], ForumApp.Cancellation));
        Assert.NotNull(app.Services.GetRequiredService<JobTimes>());
    }

    [Fact]
    public async Task Mail_that_can_be_stopped_says_so_in_its_headers_and_too_many_bounces_stop_it()
    {
        using var server = new SmtpServer();
        await using var app = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_SMTP_ADDRESS"] = "127.0.0.1",
            ["DISCOURSE_SMTP_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_SMTP_AUTHENTICATION"] = "none",
            ["DISCOURSE_SMTP_ENABLE_START_TLS"] = "false",
        });
        await app.AddUserAsync("boss", admin: true);
        var id = await app.AddUserAsync("bouncing");
        var boss = await app.ApiAsync("boss");
        var mailer = app.Services.GetRequiredService<Mailer>();
        MailMessage About(string what) => new("bouncing@example.com", "user_replied", id, what, "text", "http://forum.test/email/unsubscribe/abc");

        await app.Database.ExecuteAsync("UPDATE user_stats SET bounce_score = 4, reset_bounce_score_after = now() + interval '1 day' WHERE user_id = $1", [id], ForumApp.Cancellation);
        await mailer.EnqueueAsync(app.Database, About("not sent"), ForumApp.Cancellation);
        await UntilAsync(() => app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM skipped_email_logs WHERE user_id = $1 AND reason_type = 3)", [id], ForumApp.Cancellation));
        (await boss.PostAsync($"/admin/users/{id}/reset_bounce_score.json")).Expect(200);
        await mailer.EnqueueAsync(app.Database, About("sent"), ForumApp.Cancellation);

        var mail = await FirstAsync(server, "bouncing@example.com");
        Assert.Contains("List-Unsubscribe: <http://forum.test/email/unsubscribe/abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", mail.Text);
        Assert.Contains("] sent\r\n", mail.Text);
    }

    static SmtpClient Client(SmtpServer server, string authentication) => new(Settings(server) with { Authentication = authentication });

    static MailSettings Settings(SmtpServer server) => new()
    {
        Address = "127.0.0.1", Port = server.Port, Domain = "forum.test", UserName = "mailer", Password = "secret word", EnableStartTls = true, VerifyMode = "none",
    };

    static async Task<ReceivedMail> FirstAsync(SmtpServer server, string to)
    {
        await UntilAsync(() => Task.FromResult(server.Mails.Any(mail => mail.To == to)));
        return server.Mails.First(mail => mail.To == to);
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(30, ForumApp.Cancellation);
        }
    }

    [GeneratedRegex("text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n(.*?)\r\n--", RegexOptions.Singleline)]
    private static partial Regex Plain();
}
