using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Storage;

namespace EdgeGateway.Identity;

/// <summary>What a first start makes: the policy <c>local</c>, and the claim code of a gateway nobody owns yet.</summary>
internal sealed partial class IdentityStartup(
    Database database, IdentityState state, PolicyRegistry policies, PeopleStore people, ILogger<IdentityStartup> logger) : IHostedService
{
    private const string LocalPolicy = "local";
    private const string MadeSetting = "local-policy-made";          // once: whoever deletes the policy means it
    private const string LocalDocument =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}""";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var made = await database.WriteAsync(connection =>
        {
            if (IdentitySettings.Read(connection, MadeSetting) is not null)
                return false;
            if (connection.Scalar("SELECT 1 FROM identity_policy WHERE name = $name", ("$name", LocalPolicy)) is null)
                policies.Insert(connection, LocalPolicy, LocalDocument, "gateway");
            IdentitySettings.Write(connection, MadeSetting, LocalPolicy);
            return true;
        });
        if (made)
        {
            state.PolicyTouched(LocalPolicy);
            LogLocalPolicyMade();
        }
        await people.PrepareClaimAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3901, LogLevel.Information, "Policy 'local' made: it allows everything, for anonymous clients of a listener with anonymous: true")]
    private partial void LogLocalPolicyMade();
}
