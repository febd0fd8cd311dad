using Forum.Database;
using Forum.Mail;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>The mails about accounts.</summary>
sealed class AccountMail(Mailer mailer, SiteSettings settings, BaseUrl baseUrl)
{
    string Site => settings.Text("title");

    public Task SignupAsync(SqlSession sql, int userId, string email, string token, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "signup", "Confirm your new account",
        $"Welcome to {Site}!\n\nClick the following link to confirm and activate your new account:\n\n{baseUrl.Absolute("/u/activate-account/" + token)}", cancellation);

    public Task PasswordResetAsync(SqlSession sql, int userId, string email, string token, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "forgot_password", "Password reset",
        $"Somebody asked to reset your password on {Site}. If it was not you, you can safely ignore this email.\n\nClick the following link to choose a new password:\n\n{baseUrl.Absolute("/u/password-reset/" + token)}", cancellation);

    public Task EmailLoginAsync(SqlSession sql, int userId, string email, string token, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "email_login", "Log in via link",
        $"Here is your link to log in at {Site}. If you did not request it, you can safely ignore this email.\n\n{baseUrl.Absolute("/session/email-login/" + token)}", cancellation);

    public Task ConfirmNewEmailAsync(SqlSession sql, int userId, string email, string token, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "confirm_new_email", "Confirm your new email address",
        $"Confirm your new email address for {Site} by clicking on the following link:\n\n{baseUrl.Absolute("/u/confirm-new-email/" + token)}", cancellation);

    public Task ConfirmOldEmailAsync(SqlSession sql, int userId, string email, string token, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "confirm_old_email", "Confirm your current email address",
        $"Before we can change your email address, we need you to confirm that you control the current one. After you complete this step, we will have you confirm the new one.\n\n{baseUrl.Absolute("/u/confirm-old-email/" + token)}", cancellation);

    public Task ApprovedAsync(SqlSession sql, int userId, string email, CancellationToken cancellation) => SendAsync(
        sql, userId, email, "signup_after_approval", $"You've been approved on {Site}!",
        $"Welcome to {Site}! A staff member approved your account.\n\nYou can now access your new account by logging in at:\n\n{baseUrl.Value}", cancellation);

    Task SendAsync(SqlSession sql, int userId, string email, string type, string subject, string text, CancellationToken cancellation) =>
        mailer.EnqueueAsync(sql, new MailMessage(email, type, userId, subject, text), cancellation);
}
