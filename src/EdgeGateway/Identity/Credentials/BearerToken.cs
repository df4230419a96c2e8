namespace EdgeGateway.Identity.Credentials;

/// <summary>A token for programs that cannot sign, without its secret.</summary>
/// <param name="Id">8 letters and digits; names it in lists.</param>
/// <param name="Owner">Whom it speaks for.</param>
/// <param name="Expires">Refused from then on.</param>
public sealed record BearerToken(string Id, string Owner, Role Role, DateTimeOffset Created, DateTimeOffset Expires)
{
    /// <summary>Who a request with it speaks for.</summary>
    public Principal ToPrincipal() => new(Owner, PrincipalKind.User, CertificateId: null) { PolicyDocuments = [Role.Document()] };
}
