using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Access;

/// <summary>Somebody signed in with a browser.</summary>
/// <param name="Token">Must come back in a header with every request that changes something: a page elsewhere cannot read it.</param>
internal sealed record ConsoleSession(Person Person, string Token)
{
    private readonly CancellationTokenSource _end = new();

    public Caller Caller { get; } = new(new Principal(Person.Name, PrincipalKind.AccessKey, CertificateId: null) { PolicyDocuments = [Person.Role.Document()] }, Person.Role, Person.Name);

    /// <summary>Somebody signed out, or was signed out: what the session still listens to ends with it.</summary>
    public CancellationToken Ended => _end.Token;

    public void End() => _end.Cancel();
}
