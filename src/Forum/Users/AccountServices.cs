using Forum.SecondFactors;

namespace Forum.Users;

static class AccountServices
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<UserVisits>();
        services.AddSingleton<PasswordWork>();
        services.AddSingleton<EmailTokens>();
        services.AddSingleton<AccountMail>();
        services.AddSingleton<UserCreation>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<Anonymization>();
        services.AddSingleton<CurrentUserJson>();
        services.AddSingleton<SecondFactorStore>();
    }
}
