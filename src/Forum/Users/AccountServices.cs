using Forum.AdminUsers;
using Forum.Database;
using Forum.MemberDirectory;
using Forum.Groups;
using Forum.Jobs;
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
        services.AddSingleton<RenameUser>();
        services.AddSingleton<UserDeletion>();
        services.AddSingleton<UserJson>();
        services.AddSingleton<UserEditing>();
        services.AddSingleton<AdminUserJson>();
        services.AddSingleton<GroupEditing>();
        services.AddSingleton<GroupMembers>();
        services.AddSingleton<IJob, UpdateUsername>();
        foreach (var index in new[] { 0, 1 })
        {
            services.AddSingleton<IScheduledJob>(provider => RefreshDirectory.All(
                provider.GetRequiredService<ForumDatabase>(), provider.GetRequiredService<TimeProvider>()).ElementAt(index));
        }
        services.AddSingleton<CurrentUserJson>();
        services.AddSingleton<SecondFactorStore>();
        services.AddSingleton<SecondFactorEnforcement>();
    }
}
