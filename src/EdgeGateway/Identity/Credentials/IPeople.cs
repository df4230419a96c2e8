using System.Net;

namespace EdgeGateway.Identity.Credentials;

/// <summary>People who may use the console. No default password: an unclaimed gateway is claimed once with its first-run code.</summary>
public interface IPeople
{
    Task<Person> AddAsync(string name, string password, Role role, string actor);

    Task SetPasswordAsync(string name, string password, string actor);

    /// <summary>Removes the person and their access keys.</summary>
    /// <exception cref="IdentityException">DeleteConflict for the last administrator.</exception>
    Task RemoveAsync(string name, string actor);

    Person? Find(string name);

    IReadOnlyList<Person> List();

    /// <summary>Failures are slowed per address and logged.</summary>
    Task<SignInResult> SignInAsync(string name, string password, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>The first-run code, shown by the installer and <c>status</c>; null once the gateway is claimed.</summary>
    string? ClaimCode { get; }

    /// <summary>Makes the first administrator. Works once.</summary>
    Task<SignInResult> ClaimAsync(string code, string name, string password, IPAddress? address, CancellationToken cancellationToken);
}
