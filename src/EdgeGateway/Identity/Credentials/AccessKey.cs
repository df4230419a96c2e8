namespace EdgeGateway.Identity.Credentials;

/// <summary>A key for AWS tools, without its secret.</summary>
/// <param name="Id"><c>AKIA</c> and 16 of A-Z2-7.</param>
/// <param name="Owner">Whom it speaks for.</param>
public sealed record AccessKey(string Id, string Owner, Role Role, DateTimeOffset Created)
{
    /// <summary>Who a request or connection signed with it speaks for.</summary>
    public Principal ToPrincipal() => new(Owner, PrincipalKind.AccessKey, CertificateId: null) { PolicyDocuments = [Role.Document()] };
}
