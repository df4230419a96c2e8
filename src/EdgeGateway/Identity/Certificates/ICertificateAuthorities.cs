namespace EdgeGateway.Identity.Certificates;

/// <summary>Registered CAs (AWS guide: CA certificates). Refusals are <see cref="IdentityException"/>.</summary>
public interface ICertificateAuthorities
{
    /// <summary>64 hex characters, the same until deleted.</summary>
    Task<string> GetRegistrationCodeAsync();

    Task DeleteRegistrationCodeAsync(string actor);

    Task<CaCertificate> RegisterAsync(CaRegistration registration, string actor);

    /// <summary>INACTIVE stops new registrations; certificates registered already go on working.</summary>
    Task<CaCertificate> UpdateAsync(string id, CaUpdate update, string actor);

    /// <summary>Needs INACTIVE.</summary>
    Task DeleteAsync(string id, string actor);

    CaCertificate? Find(string id);

    /// <summary>By creation date, oldest first.</summary>
    IReadOnlyList<CaCertificate> List();
}
