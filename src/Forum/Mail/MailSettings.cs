using Forum.Configuration;

namespace Forum.Mail;

/// <summary>How to reach the mail server.</summary>
sealed record MailSettings
{
    /// <summary>Null: no mail server is set, mail is not sent.</summary>
    public string? Address { get; init; }

    public int Port { get; init; }

    public string? Domain { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>none, plain, login or cram_md5.</summary>
    public string Authentication { get; init; } = "plain";

    public bool EnableStartTls { get; init; }

    public bool ForceTls { get; init; }

    /// <summary>none, or anything else for checking the certificate.</summary>
    public string? VerifyMode { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public static MailSettings From(GlobalSettings globals) => new()
    {
        Address = globals.Text("smtp_address", null),
        Port = globals.Number("smtp_port", 25),
        Domain = globals.Text("smtp_domain", null),
        UserName = globals.Text("smtp_user_name", null),
        Password = globals.Text("smtp_password", null),
        Authentication = globals.Text("smtp_authentication", "plain") ?? "none",
        EnableStartTls = globals.Flag("smtp_enable_start_tls", true),
        ForceTls = globals.Flag("smtp_force_tls", false),
        VerifyMode = globals.Text("smtp_openssl_verify_mode", null),
        Timeout = TimeSpan.FromSeconds(Math.Max(globals.Number("smtp_open_timeout", 5), globals.Number("smtp_read_timeout", 5))),
    };
}
